// SPDX-License-Identifier: Apache-2.0
// What the index held before a full listing wrote to it, in 16 bytes a document, and 8 more while
// it is read. An entry that is in it as it was needs no lookup, unless somebody else has changed
// the document; and once the listing has accounted for every document, nothing is gone and nothing
// has to be searched for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "elastic/client.h"
#include "elastic/multi_get.h"
#include "elastic/result_window.h"

namespace dbxes::sync {

class IndexSnapshot {
 public:
  struct Limits {
    std::size_t documents = std::size_t{1} << 21;  // 32 MiB; what is beyond is looked up by page
    std::size_t page = elastic::kResultWindow;
  };

  // Every document with an `id`, as of a refresh that this makes; `id_field` is
  // IndexTarget::id_field. After an error the snapshot is incomplete, which costs time and nothing
  // else.
  Result<void> Read(elastic::Client& client, const std::string& index, const std::string& id_field,
                    const Limits& limits);
  Result<void> Read(elastic::Client& client, const std::string& index,
                    const std::string& id_field) {
    return Read(client, index, id_field, Limits());
  }

  // Whether the index held the document `id` in exactly this state (`body`: 0 without one). Answers
  // so once: a document that is listed again may have been written since. The value is its
  // permissions_fingerprint, 0 without one.
  std::optional<std::uint64_t> Take(std::string_view id, std::uint64_t fingerprint,
                                    std::uint64_t body);
  // The listing or the received files have this document, whatever becomes of it.
  void Account(std::string_view id, const elastic::StoredDocument& stored);
  // How many documents the index held; 0 where not all of them were read.
  std::size_t size() const { return complete_ ? rows_.size() : 0; }
  // Every document that the index held has been taken or accounted for.
  bool AllAccounted() const { return complete_ && accounted_ == rows_.size(); }

 private:
  Result<void> ReadRows(elastic::Client& client, const std::string& index,
                        const std::string& id_field, const Limits& limits,
                        std::vector<std::string>& sample, std::vector<std::uint64_t>& ids);
  static Result<void> CheckIds(std::vector<std::uint64_t> ids);
  static Result<void> CheckSample(elastic::Client& client, const std::string& index,
                                  const std::vector<std::string>& sample);

  std::optional<std::uint64_t> TakeState(std::uint64_t state);

  // The lowest bit of `state` is set once the row was taken.
  struct Row {
    std::uint64_t state;
    std::uint64_t permissions;
  };

  std::vector<Row> rows_;  // by state
  std::size_t accounted_ = 0;
  bool complete_ = false;
};

}  // namespace dbxes::sync

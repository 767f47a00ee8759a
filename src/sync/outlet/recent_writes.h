// SPDX-License-Identifier: Apache-2.0
// Documents that were handed on so recently that a lookup in the index may still show them as they
// were before. Two generations, each at least as large as what can be unacknowledged at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "base/id_set.h"

namespace dbxes::sync {

class RecentWrites {
 public:
  // `max_unacknowledged`: how many actions are held at most before they take effect.
  explicit RecentWrites(std::size_t max_unacknowledged);

  // Everything has taken effect.
  void Clear();

  // Ids by their Hash64.
  void Add(std::uint64_t id);
  // The document's text changed as well: `fingerprint` is that of the new text, 0 for none, nothing
  // if it is not known.
  void AddBody(std::uint64_t id, std::optional<std::uint64_t> fingerprint);

  bool Contains(std::uint64_t id) const;
  // What AddBody said last of the document; nothing if it said nothing.
  std::optional<std::uint64_t> Body(std::uint64_t id) const;

 private:
  using Bodies = std::unordered_map<std::uint64_t, std::optional<std::uint64_t>>;

  std::size_t max_unacknowledged_;
  IdSet ids_;
  IdSet earlier_ids_;
  std::size_t count_ = 0;  // of calls that filled `ids_`
  Bodies bodies_;
  Bodies earlier_bodies_;
};

}  // namespace dbxes::sync

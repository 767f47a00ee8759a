// SPDX-License-Identifier: Apache-2.0
// Closes documents to everybody that somebody sees without a reason: those without an access list,
// which the query of every identity lets through, and those that Dropbox no longer lists.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "elastic/searchable_index.h"
#include "permissions/access_list.h"
#include "report/counters.h"
#include "sync/outlet/outlet.h"

namespace dbxes::sync {

// A query clause for the documents without an access list.
std::string WithoutList();

class DocumentCloser {
 public:
  DocumentCloser(elastic::SearchableIndex index, Outlet& outlet, report::Counters& counters);

  struct Document {
    std::string id;
    std::string path;  // path_lower; "" for a document without a path
  };
  // Which of the documents without a list. Where document level security was turned on just now,
  // most have had none yet, and the listing gives them theirs.
  enum class Which : std::uint8_t { kAll, kThatHadOne };
  // Closes them and counts them. Returns the first kMostNamed. One request if there are none, as of
  // the last refresh. kConfig if they do have a list, which the index does not find.
  static constexpr std::size_t kMostNamed = 1000;
  Result<std::vector<Document>> CloseWithoutList(Which which);

  // Closes those that were last written before the number `before` of the sequence, unless
  // `is_listed`, and counts them. The hits have their path_lower.
  Result<void> CloseUnlisted(const std::function<bool(const elastic::Hit&)>& is_listed,
                             std::int64_t before);

 private:
  using Hits = std::vector<elastic::Hit>;

  Result<void> Close(const elastic::Hit& hit, bool counts);
  Result<void> CheckThatListsAreFound(const Hits& hits);

  elastic::SearchableIndex index_;
  Outlet& outlet_;
  report::Counters& counters_;
  std::shared_ptr<const permissions::AccessList> nobody_;
  std::string source_;  // of the action under way
};

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// Which documents a batch of pending deletions removes.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checkpoint/pending_deletions.h"
#include "elastic/search.h"

namespace dbxes::sync {

// Pure. The batch has to live as long.
class DeletionMatcher {
 public:
  explicit DeletionMatcher(const std::vector<checkpoint::PendingDeletion>& batch);
  // Query clause that finds every document that Matches may answer true for, and some more.
  std::string Query() const;
  bool Matches(const elastic::Hit& hit) const;

 private:
  bool MatchesAt(std::string_view path, const elastic::Hit& hit, bool subtree_only) const;

  std::string_view KeyOf(const checkpoint::PendingDeletion& deletion);

  const std::vector<checkpoint::PendingDeletion>& batch_;
  std::deque<std::string> long_keys_;
  std::unordered_multimap<std::string_view, const checkpoint::PendingDeletion*>
      by_path_;                                               // by PathKey
  std::unordered_map<std::string_view, std::int64_t> by_id_;  // the highest number of each
};

}  // namespace dbxes::sync

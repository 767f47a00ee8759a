// SPDX-License-Identifier: Apache-2.0
// Deletes from the index what the evidence says is gone: by searching ids and deleting in bulk,
// which works on every engine (no _delete_by_query).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checkpoint/pending_deletions.h"
#include "config/config.h"
#include "elastic/action_sink.h"
#include "elastic/search.h"

namespace dbxes::sync {

// Decides which hits a batch of pending deletions removes. Pure.
class DeletionMatcher {
 public:
  explicit DeletionMatcher(const std::vector<checkpoint::PendingDeletion>& batch);
  // Query clause that finds every document that Matches may answer true for, and some more.
  std::string Query() const;
  bool Matches(const elastic::Hit& hit) const;

 private:
  bool MatchesAt(std::string_view path, const elastic::Hit& hit, bool subtree_only) const;

  const std::vector<checkpoint::PendingDeletion>& batch_;
  std::unordered_multimap<std::string_view, const checkpoint::PendingDeletion*> by_path_;
  std::unordered_map<std::string_view, std::int64_t> by_id_;  // the highest number of each
};

class Eraser {
 public:
  // `id_field` is IndexTarget::id_field.
  Eraser(elastic::Client& client, std::string index, std::string id_field,
         elastic::ActionSink& sink);

  // Applies everything noted so far. Writes before this must be drained.
  Result<void> Apply(checkpoint::PendingDeletions& pending);
  // Deletes every document that matches the query clause and `is_gone`, unless `allow` refuses
  // their number (given with the number of all documents) beforehand.
  Result<void> Sweep(
      const std::string& query, const std::function<bool(std::string_view id)>& is_gone,
      const std::function<Result<void>(std::uint64_t gone, std::uint64_t all)>& allow);

 private:
  Result<void> ForEachHit(const std::string& query, elastic::SearchOptions options,
                          const std::function<Result<void>(const elastic::Hit&)>& visit);
  Result<void> Delete(const elastic::Hit& hit);

  elastic::Client& client_;
  std::string index_;
  std::string id_field_;
  elastic::ActionSink& sink_;
};

}  // namespace dbxes::sync

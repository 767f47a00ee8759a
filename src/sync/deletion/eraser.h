// SPDX-License-Identifier: Apache-2.0
// Deletes from the index what the evidence says is gone: by searching ids and deleting in bulk,
// which works on every engine (no _delete_by_query). A document is deleted as it was found: one
// that somebody has changed since is reported as a conflict (elastic/bulk_writer.h) and stays.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "checkpoint/pending_deletions.h"
#include "elastic/action_sink.h"
#include "elastic/search.h"
#include "elastic/searchable_index.h"
#include "sync/deletion/safety.h"

namespace dbxes::sync {

class Eraser {
 public:
  // Deletes through `sink`. In a dry run, nothing is deleted there: Sweep then names every document
  // to the sink before `allow` decides, so that the user sees what is held back.
  Eraser(elastic::SearchableIndex index, elastic::ActionSink& sink, bool dry_run = false);

  // Applies everything noted so far, unless `allow` refuses the number of documents beforehand.
  // Without `allow` they are not counted. Writes before this must be drained.
  using Allow = std::function<Result<void>(const FeedDeletions&)>;
  Result<void> Apply(checkpoint::PendingDeletions& pending, const Allow& allow = nullptr);
  // Deletes every document that matches the query clause and `is_gone`, unless `allow` refuses
  // their number (given with the number of all documents) beforehand. Hits have their path.
  Result<void> Sweep(
      const std::string& query, const std::function<bool(const elastic::Hit&)>& is_gone,
      const std::function<Result<void>(std::uint64_t gone, std::uint64_t all)>& allow);

 private:
  Result<void> ForEachHit(const std::string& query, elastic::SearchOptions options,
                          const std::function<Result<void>(const elastic::Hit&)>& visit);
  // Calls `visit` with pages that hold nothing but documents that the deletions remove.
  Result<void> ForEachPageOfGone(checkpoint::PendingDeletions& pending,
                                 const std::function<Result<void>(elastic::HitPage)>& visit);
  Result<void> DeleteAll(const elastic::HitPage& page);
  Result<void> Delete(const elastic::Hit& hit);

  elastic::SearchableIndex index_;
  elastic::ActionSink& sink_;
  bool dry_run_;
};

}  // namespace dbxes::sync

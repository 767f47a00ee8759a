// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/eraser.h"

#include <utility>
#include <vector>

#include "sync/deletion/deletion_matcher.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kBatch = 1000;  // paths in one search

}  // namespace

Eraser::Eraser(elastic::SearchableIndex index, elastic::ActionSink& sink)
    : index_(std::move(index)), sink_(sink) {}

Result<void> Eraser::ForEachHit(const std::string& query, elastic::SearchOptions options,
                                const std::function<Result<void>(const elastic::Hit&)>& visit) {
  return elastic::ForEachPageOfHits(index_, query, options,
                                    [&](const std::vector<elastic::Hit>& hits) -> Result<void> {
                                      for (const elastic::Hit& hit : hits) TRY(visit(hit));
                                      return {};
                                    });
}

Result<void> Eraser::Delete(const elastic::Hit& hit) {
  elastic::BulkAction action;
  action.kind = elastic::BulkAction::kDelete;
  action.id = hit.id;
  action.path = hit.path_lower;
  action.version = hit.version;
  return sink_.Add(action);
}

Result<void> Eraser::Apply(checkpoint::PendingDeletions& pending) {
  if (pending.empty()) return {};
  TRY(elastic::Refresh(index_.client, index_.name));
  elastic::SearchOptions options;
  options.path_lower = true;
  options.ancestors = true;
  options.versions = true;
  TRY(pending.ForEachBatch(
      kBatch, [&](const std::vector<checkpoint::PendingDeletion>& batch) -> Result<void> {
        const DeletionMatcher matcher(batch);
        return ForEachHit(matcher.Query(), options, [&](const elastic::Hit& hit) -> Result<void> {
          return matcher.Matches(hit) ? Delete(hit) : Result<void>();
        });
      }));
  return sink_.Drain();
}

// Counts before it deletes: two passes, so that memory does not grow with what is gone.
Result<void> Eraser::Sweep(
    const std::string& query, const std::function<bool(const elastic::Hit&)>& is_gone,
    const std::function<Result<void>(std::uint64_t gone, std::uint64_t all)>& allow) {
  TRY(elastic::Refresh(index_.client, index_.name));
  elastic::SearchOptions options;
  options.path_lower = true;
  std::uint64_t gone = 0;
  std::uint64_t all = 0;
  TRY(ForEachHit(query, options, [&](const elastic::Hit& hit) -> Result<void> {
    ++all;
    if (is_gone(hit)) ++gone;
    return {};
  }));
  if (gone == 0) return {};
  TRY(allow(gone, all));
  options.versions = true;
  TRY(ForEachHit(query, options, [&](const elastic::Hit& hit) -> Result<void> {
    return is_gone(hit) ? Delete(hit) : Result<void>();
  }));
  return sink_.Drain();
}

}  // namespace dbxes::sync

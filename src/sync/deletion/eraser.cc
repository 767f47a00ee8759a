// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/eraser.h"

#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/id_set.h"
#include "sync/deletion/deletion_matcher.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kBatch = 1000;  // paths in one search
// Documents that are kept between counting and deleting; of more, a second search is cheaper than
// the memory.
constexpr std::uint64_t kMostKept = 5000;

// Counts documents, each once although several deletions may remove it.
class GoneDocuments {
 public:
  void Add(elastic::HitPage page) {
    std::erase_if(page.hits, [&](const elastic::Hit& hit) { return !ids_.Insert(Hash64(hit.id)); });
    for (const elastic::Hit& hit : page.hits) {
      if (counted_.paths.size() == FeedDeletions::kMostPaths) break;
      counted_.paths.emplace_back(hit.path_lower.empty() ? hit.id : hit.path_lower);
    }
    counted_.count += page.hits.size();
    if (kept_all()) {
      pages_.push_back(std::move(page));
    } else {
      pages_.clear();
    }
  }
  const FeedDeletions& counted() const { return counted_; }
  bool kept_all() const { return counted_.count <= kMostKept; }
  const std::vector<elastic::HitPage>& pages() const { return pages_; }

 private:
  IdSet ids_;
  FeedDeletions counted_;
  std::vector<elastic::HitPage> pages_;
};

}  // namespace

Eraser::Eraser(elastic::SearchableIndex index, elastic::ActionSink& sink, bool dry_run)
    : index_(std::move(index)), sink_(sink), dry_run_(dry_run) {}

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

Result<void> Eraser::DeleteAll(const elastic::HitPage& page) {
  for (const elastic::Hit& hit : page.hits) TRY(Delete(hit));
  return {};
}

Result<void> Eraser::ForEachPageOfGone(checkpoint::PendingDeletions& pending,
                                       const std::function<Result<void>(elastic::HitPage)>& visit) {
  elastic::SearchOptions options;
  options.path_lower = true;
  options.ancestors = true;
  options.versions = true;
  return pending.ForEachBatch(
      kBatch, [&](const std::vector<checkpoint::PendingDeletion>& batch) -> Result<void> {
        const DeletionMatcher matcher(batch);
        elastic::HitReader reader(index_.client, index_.name, index_.id_field, matcher.Query(),
                                  options);
        for (;;) {
          TRY_ASSIGN(elastic::HitPage page, reader.Next());
          if (page.hits.empty()) return {};
          std::erase_if(page.hits, [&](const elastic::Hit& hit) { return !matcher.Matches(hit); });
          TRY(visit(std::move(page)));
        }
      });
}

Result<void> Eraser::Apply(checkpoint::PendingDeletions& pending, const Allow& allow) {
  if (pending.empty()) return {};
  TRY(elastic::Refresh(index_.client, index_.name));
  GoneDocuments gone;
  if (allow) {
    TRY(ForEachPageOfGone(pending, [&](elastic::HitPage page) -> Result<void> {
      gone.Add(std::move(page));
      return {};
    }));
    if (gone.counted().count == 0) return {};
    TRY(allow(gone.counted()));
  }
  if (allow && gone.kept_all()) {
    for (const elastic::HitPage& page : gone.pages()) TRY(DeleteAll(page));
  } else {
    TRY(ForEachPageOfGone(pending, [&](elastic::HitPage page) { return DeleteAll(page); }));
  }
  return sink_.Drain();
}

// Counts before it deletes: two passes, so that memory does not grow with what is gone.
Result<void> Eraser::Sweep(
    const std::string& query, const std::function<bool(const elastic::Hit&)>& is_gone,
    const std::function<Result<void>(std::uint64_t gone, std::uint64_t all)>& allow) {
  TRY(elastic::Refresh(index_.client, index_.name));
  elastic::SearchOptions options;
  options.path_lower = true;
  options.versions = true;
  std::uint64_t gone = 0;
  std::uint64_t all = 0;
  TRY(ForEachHit(query, options, [&](const elastic::Hit& hit) -> Result<void> {
    ++all;
    if (is_gone(hit)) ++gone;
    return {};
  }));
  if (gone == 0) return {};
  if (!dry_run_) TRY(allow(gone, all));
  TRY(ForEachHit(query, options, [&](const elastic::Hit& hit) -> Result<void> {
    return is_gone(hit) ? Delete(hit) : Result<void>();
  }));
  TRY(sink_.Drain());
  return dry_run_ ? allow(gone, all) : Result<void>();
}

}  // namespace dbxes::sync

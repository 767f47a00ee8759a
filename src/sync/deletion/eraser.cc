// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/eraser.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json/json_text.h"
#include "elastic/query.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kBatch = 1000;  // paths in one search

}  // namespace

DeletionMatcher::DeletionMatcher(const std::vector<checkpoint::PendingDeletion>& batch)
    : batch_(batch) {
  by_path_.reserve(batch.size());
  for (const checkpoint::PendingDeletion& deletion : batch) {
    if (deletion.id.empty()) {
      by_path_.emplace(deletion.path, &deletion);
    } else {
      std::int64_t& seq = by_id_[deletion.id];
      seq = std::max(seq, deletion.seq);
    }
  }
}

std::string DeletionMatcher::Query() const {
  std::int64_t highest = 0;
  std::vector<std::string_view> paths;
  std::vector<std::string_view> subtrees;
  std::vector<std::string_view> ids;
  for (const checkpoint::PendingDeletion& deletion : batch_) {
    highest = std::max(highest, deletion.seq);
    if (!deletion.id.empty()) {
      ids.push_back(deletion.id);
      continue;
    }
    paths.push_back(deletion.path);
    if (deletion.subtree) subtrees.push_back(deletion.path);
  }
  return elastic::AllOf({elastic::BelowClause("sync_seq", highest),
                         elastic::AnyOf({elastic::TermsClause("path_lower", JsonList(paths)),
                                         elastic::TermsClause("ancestors", JsonList(subtrees)),
                                         elastic::IdsClause(JsonList(ids))})});
}

bool DeletionMatcher::MatchesAt(std::string_view path, const elastic::Hit& hit,
                                bool subtree_only) const {
  const auto [begin, end] = by_path_.equal_range(path);
  return std::any_of(begin, end, [&](const auto& row) {
    const checkpoint::PendingDeletion& deletion = *row.second;
    if (subtree_only && !deletion.subtree) return false;
    return *hit.sync_seq < deletion.seq && hit.id != deletion.keep_id;
  });
}

bool DeletionMatcher::Matches(const elastic::Hit& hit) const {
  if (!hit.sync_seq) return false;
  const auto excluded = by_id_.find(hit.id);
  if (excluded != by_id_.end() && *hit.sync_seq < excluded->second) return true;
  if (MatchesAt(hit.path_lower, hit, false)) return true;
  return std::any_of(hit.ancestors.begin(), hit.ancestors.end(),
                     [&](std::string_view folder) { return MatchesAt(folder, hit, true); });
}

Eraser::Eraser(elastic::Client& client, std::string index, std::string id_field,
               elastic::ActionSink& sink)
    : client_(client), index_(std::move(index)), id_field_(std::move(id_field)), sink_(sink) {}

Result<void> Eraser::ForEachHit(const std::string& query, elastic::SearchOptions options,
                                const std::function<Result<void>(const elastic::Hit&)>& visit) {
  elastic::HitReader reader(client_, index_, id_field_, query, options);
  for (;;) {
    TRY_ASSIGN(auto page, reader.Next());
    if (page.hits.empty()) return {};
    for (const elastic::Hit& hit : page.hits) {
      TRY(visit(hit));
    }
  }
}

Result<void> Eraser::Delete(const elastic::Hit& hit) {
  elastic::BulkAction action;
  action.kind = elastic::BulkAction::kDelete;
  action.id = hit.id;
  action.path = hit.path_lower;
  return sink_.Add(action);
}

Result<void> Eraser::Apply(checkpoint::PendingDeletions& pending) {
  if (pending.empty()) return {};
  TRY(elastic::Refresh(client_, index_));
  elastic::SearchOptions options;
  options.path_lower = true;
  options.ancestors = true;
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
    const std::string& query, const std::function<bool(std::string_view id)>& is_gone,
    const std::function<Result<void>(std::uint64_t gone, std::uint64_t all)>& allow) {
  TRY(elastic::Refresh(client_, index_));
  std::uint64_t gone = 0;
  std::uint64_t all = 0;
  TRY(ForEachHit(query, {}, [&](const elastic::Hit& hit) -> Result<void> {
    ++all;
    if (is_gone(hit.id)) ++gone;
    return {};
  }));
  if (gone == 0) return {};
  TRY(allow(gone, all));
  TRY(ForEachHit(query, {}, [&](const elastic::Hit& hit) -> Result<void> {
    return is_gone(hit.id) ? Delete(hit) : Result<void>();
  }));
  return sink_.Drain();
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/deletion_matcher.h"

#include <algorithm>
#include <utility>

#include "base/json/json_text.h"
#include "base/path_key.h"
#include "elastic/query.h"

namespace dbxes::sync {
namespace {

// A document that lost its number is somewhere in the order: to leave it would leave what is gone.
bool IsOlder(const elastic::Hit& hit, std::int64_t seq) {
  const auto number = hit.Number();
  return !number || *number < seq;
}

}  // namespace

DeletionMatcher::DeletionMatcher(const std::vector<checkpoint::PendingDeletion>& batch)
    : batch_(batch) {
  by_path_.reserve(batch.size());
  for (const checkpoint::PendingDeletion& deletion : batch) {
    if (deletion.id.empty()) {
      by_path_.emplace(KeyOf(deletion), &deletion);
    } else {
      std::int64_t& seq = by_id_[deletion.id];
      seq = std::max(seq, deletion.seq);
    }
  }
}

std::string_view DeletionMatcher::KeyOf(const checkpoint::PendingDeletion& deletion) {
  std::string buffer;
  const std::string_view key = PathKey(deletion.path, buffer);
  return buffer.empty() ? key : long_keys_.emplace_back(std::move(buffer));
}

std::string DeletionMatcher::Query() const {
  std::int64_t highest = 0;
  std::vector<std::string_view> ids;
  for (const checkpoint::PendingDeletion& deletion : batch_) {
    highest = std::max(highest, deletion.seq);
    if (!deletion.id.empty()) ids.push_back(deletion.id);
  }
  std::vector<std::string_view> paths;
  std::vector<std::string_view> subtrees;
  for (const auto& [key, deletion] : by_path_) {
    paths.push_back(key);
    if (deletion->subtree) subtrees.push_back(key);
  }
  return elastic::AllOf({elastic::OlderClause(highest),
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
    return IsOlder(hit, deletion.seq) && hit.id != deletion.keep_id;
  });
}

bool DeletionMatcher::Matches(const elastic::Hit& hit) const {
  const auto excluded = by_id_.find(hit.id);
  if (excluded != by_id_.end() && IsOlder(hit, excluded->second)) return true;
  if (MatchesAt(hit.path_lower, hit, false)) return true;
  return std::any_of(hit.ancestors.begin(), hit.ancestors.end(),
                     [&](std::string_view folder) { return MatchesAt(folder, hit, true); });
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/recent_writes.h"

#include <utility>

namespace dbxes::sync {

RecentWrites::RecentWrites(std::size_t max_unacknowledged)
    : max_unacknowledged_(max_unacknowledged) {}

void RecentWrites::Clear() {
  ids_.Clear();
  earlier_ids_.Clear();
  count_ = 0;
  bodies_.clear();
  earlier_bodies_.clear();
}

void RecentWrites::Add(std::uint64_t id) {
  if (count_ >= max_unacknowledged_) {
    std::swap(ids_, earlier_ids_);
    ids_.Clear();
    count_ = 0;
  }
  ids_.Insert(id);
  ++count_;
}

void RecentWrites::AddBody(std::uint64_t id, std::optional<std::uint64_t> fingerprint) {
  if (bodies_.size() >= max_unacknowledged_) {
    std::swap(bodies_, earlier_bodies_);
    bodies_.clear();
  }
  bodies_[id] = fingerprint;
}

bool RecentWrites::Contains(std::uint64_t id) const {
  return ids_.Contains(id) || earlier_ids_.Contains(id) || bodies_.contains(id) ||
         earlier_bodies_.contains(id);
}

std::optional<std::uint64_t> RecentWrites::Body(std::uint64_t id) const {
  if (const auto latest = bodies_.find(id); latest != bodies_.end()) return latest->second;
  const auto earlier = earlier_bodies_.find(id);
  return earlier == earlier_bodies_.end() ? std::nullopt : earlier->second;
}

}  // namespace dbxes::sync

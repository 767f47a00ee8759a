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

bool RecentWrites::Contains(std::uint64_t id) const {
  return ids_.Contains(id) || earlier_ids_.Contains(id);
}

}  // namespace dbxes::sync

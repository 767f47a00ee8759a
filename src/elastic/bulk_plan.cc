// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_plan.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace dbxes::elastic {
namespace {

// Leaves the first half (the smaller one) and returns the second.
BulkPlan::Items SplitOff(BulkPlan::Items& items) {
  const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
  BulkPlan::Items second(middle, items.end());
  items.erase(middle, items.end());
  return second;
}

void Append(BulkPlan::Items& to, const BulkPlan::Items& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

BulkPlan::BulkPlan(std::uint32_t count) : current_(count) {
  std::iota(current_.begin(), current_.end(), 0u);
}

std::optional<std::uint32_t> BulkPlan::Accepted(const Items& postponed) {
  Append(postponed_, postponed);
  if (!sibling_.empty()) return Suspect(std::exchange(sibling_, {}));
  MoveOn();
  return std::nullopt;
}

std::optional<std::uint32_t> BulkPlan::Refused(bool certain) {
  certain_ = certain;
  Append(untested_, std::exchange(sibling_, {}));
  if (current_.size() == 1) {
    const std::uint32_t poison = current_.front();
    MoveOn();
    return poison;
  }
  sibling_ = SplitOff(current_);
  return std::nullopt;
}

std::optional<std::uint32_t> BulkPlan::Doubted() {
  Append(untested_, std::exchange(sibling_, {}));
  Append(postponed_, current_);
  MoveOn();
  return std::nullopt;
}

std::optional<std::uint32_t> BulkPlan::TooLarge() {
  // Nothing is known about the sibling: the cluster never read this half.
  Append(untested_, std::exchange(sibling_, {}));
  if (current_.size() == 1) {
    const std::uint32_t item = current_.front();
    MoveOn();
    return item;
  }
  queue_.push_back(SplitOff(current_));
  return std::nullopt;
}

void BulkPlan::Retry() {
  current_ = std::exchange(postponed_, {});
  // Parts were answered in any order, but a whole batch is sent in its original order.
  std::sort(current_.begin(), current_.end());
}

// `suspects` hold a poison: their siblings were accepted without it.
std::optional<std::uint32_t> BulkPlan::Suspect(Items suspects) {
  if (suspects.size() > 1) {
    current_ = std::move(suspects);
    sibling_ = SplitOff(current_);
    return std::nullopt;
  }
  MoveOn();
  if (certain_) return suspects.front();
  Append(postponed_, suspects);
  return std::nullopt;
}

void BulkPlan::MoveOn() {
  if (!queue_.empty()) {
    current_ = std::move(queue_.front());
    queue_.pop_front();
    return;
  }
  current_ = std::exchange(untested_, {});
}

}  // namespace dbxes::elastic

// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/progress.h"

#include <utility>

namespace dbxes::sync {
namespace {

constexpr Milliseconds kTick{100};

}  // namespace

Progress::Progress(report::Reporter& reporter, const Clock& clock,
                   std::function<bool()> status_asked)
    : reporter_(reporter), clock_(clock), status_asked_(std::move(status_asked)) {
  if (reporter.ListsChanges()) changes_.emplace(reporter);
}

void Progress::Complete(report::Counters& counters, report::Gauges& gauges) const {
  counters = counters_;
  gauges.expected_entries = expected_entries_;
  if (complete_) complete_(counters, gauges);
}

report::Counters Progress::Totals() const {
  report::Counters counters;
  report::Gauges gauges{};
  Complete(counters, gauges);
  return counters;
}

void Progress::TurnFull(const std::string& why) {
  full_because_ = why;
  reporter_.Info(why + ": running a full sync");
}

void Progress::NoteDeletion(std::string name) {
  if (++deletion_count_ <= kMostDeletions) deletions_.push_back(std::move(name));
}

void Progress::Tick() {
  const bool asked = status_asked_ && status_asked_();
  const Milliseconds now = clock_.Now();
  const bool due = now >= next_tick_;
  if (!asked && !due) return;
  report::Counters counters;
  report::Gauges gauges{};
  Complete(counters, gauges);
  if (asked) reporter_.Status(counters, gauges);
  if (!due) return;
  next_tick_ = now + kTick;
  reporter_.Progress(counters, gauges);
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// What a run reports while it is under way: phases, counts, and how far it is.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "report/change_log.h"
#include "report/counters.h"
#include "report/reporter.h"

namespace dbxes::sync {

class Progress {
 public:
  // `status_asked`: whether the user has asked how far the run is, since it was last called; may be
  // empty.
  Progress(report::Reporter& reporter, const Clock& clock, std::function<bool()> status_asked);

  report::Reporter& reporter() { return reporter_; }
  // Null where nobody wants to know each change.
  report::ChangeLog* changes() { return changes_ ? &*changes_ : nullptr; }
  // What the stages count themselves.
  report::Counters& counters() { return counters_; }
  // `complete` adds what others count (requests, acknowledged writes, failures).
  void CompleteWith(std::function<void(report::Counters&, report::Gauges&)> complete) {
    complete_ = std::move(complete);
  }
  report::Counters Totals() const;
  // How many entries the listing is expected to bring in all, 0 if that is not known.
  void ExpectEntries(std::uint64_t entries) { expected_entries_ = entries; }

  // An incremental or access control sync has to be a full one, which begins now.
  void TurnFull(const std::string& why);
  // "" if it was none, one from the beginning, or one that continues.
  const std::string& full_because() const { return full_because_; }

  // Of a dry run: a document that it would delete, by path, id or name.
  void NoteDeletion(std::string name);
  // The first of them, and how many there are in all.
  static constexpr std::size_t kMostDeletions = 100'000;
  const std::vector<std::string>& deletions() const { return deletions_; }
  std::uint64_t deletion_count() const { return deletion_count_; }

  // Moves the progress line on, at most ten times a second, and answers who asked for the status.
  // Pages and files may take long, so this is called from the event loop as well as by stages.
  void Tick();

 private:
  void Complete(report::Counters& counters, report::Gauges& gauges) const;

  report::Reporter& reporter_;
  const Clock& clock_;
  std::function<bool()> status_asked_;
  std::function<void(report::Counters&, report::Gauges&)> complete_;
  report::Counters counters_;
  std::optional<report::ChangeLog> changes_;
  std::uint64_t expected_entries_ = 0;
  std::string full_because_;
  Milliseconds next_tick_{0};
  std::vector<std::string> deletions_;
  std::uint64_t deletion_count_ = 0;
};

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// The results of the last runs on a target, for people and monitors. Nothing depends on it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/os/file_system.h"
#include "report/counters.h"
#include "report/reporter.h"

namespace dbxes::checkpoint {

struct RunRecord {
  std::string command;
  std::string started_at;  // UTC, "2026-08-05T10:00:00Z"
  std::int64_t duration_ms = 0;
  int exit_code = 0;
  std::string message;
  report::Counters counters;
  // When the safety stop began that stands after this run; "" if none does. Runs that were never
  // so far change nothing about it; acl-sync has a stop of its own.
  std::string stopped_since = {};
  // When the last run up to this one began that read the change feed to its end; "" for none.
  std::string feed_read_at = {};
};

// The runs that say that a safety stop stands: of syncs, and of acl-sync. Each has the time and, if
// it is still known, the message of the stop.
std::vector<RunRecord> StandingStops(const std::vector<RunRecord>& newest_first);

RunRecord RecordOf(const report::RunSummary& summary, std::int64_t started_micros);

class RunHistory {
 public:
  // Older runs are of no interest, and each run rewrites the file.
  static constexpr std::size_t kMost = 20;

  // `base`: the beginning of the part's name, StatePlace::base.
  RunHistory(DurableFiles& files, const std::string& base);

  // The newest first. Empty if there is no file; kConfig if it is damaged.
  Result<std::vector<RunRecord>> Load() const;
  // Adds a run as the newest and drops the oldest. Replaces a damaged record.
  Result<void> Add(const RunRecord& run);

  const std::string& path() const { return path_; }

 private:
  DurableFiles& files_;
  std::string path_;
};

}  // namespace dbxes::checkpoint

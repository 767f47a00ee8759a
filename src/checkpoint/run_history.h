// SPDX-License-Identifier: Apache-2.0
// What the last runs on a target did: for people and monitors. Nothing depends on it.
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
};

RunRecord RecordOf(const report::RunSummary& summary, std::int64_t started_micros);

class RunHistory {
 public:
  // More would be no news to anybody; the file is rewritten with each run.
  static constexpr std::size_t kMost = 20;

  // `folder` and `target_name`: as of CheckpointStore.
  RunHistory(FileSystem& files, const std::string& folder, const std::string& target_name);

  // The newest first. Nothing when there is no file; kConfig when it is damaged.
  Result<std::vector<RunRecord>> Load() const;
  // Puts a run before the others and drops the oldest. A damaged file starts over.
  Result<void> Add(const RunRecord& run);

  const std::string& path() const { return path_; }

 private:
  FileSystem& files_;
  std::string path_;
};

}  // namespace dbxes::checkpoint

// SPDX-License-Identifier: Apache-2.0
// The command status: what the state of a target records, and whether its index is the one that the
// last run left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/exit_code.h"
#include "base/json/json_write.h"
#include "check/index_look.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/run_history.h"
#include "checkpoint/state_place.h"
#include "config/config.h"

namespace dbxes::check {

struct SyncStatus {
  std::string target;
  std::string state_file;
  std::optional<std::string> running;  // the lock note of the run that holds the target
  // The lock note of a run that ended without a record: it was killed, or the machine went down.
  std::optional<std::string> lost;
  std::optional<checkpoint::Checkpoint> checkpoint;
  std::int64_t now = 0;                   // all times are in microseconds of UTC since 1970
  std::optional<std::int64_t> feed_read;  // of the last run that read it to its end
  // Deleted entries of Dropbox, of which each may be a folder. Counts are nothing if they
  // could not be read.
  std::optional<std::uint64_t> pending_deletions = 0;
  std::optional<std::uint64_t> pending_failures = 0;
  std::optional<std::uint64_t> accepted_failures = 0;  // not among them
  std::vector<checkpoint::RunRecord> runs;             // the newest first
  std::vector<Error> problems;                         // why something could not be read
  // Nothing is known of these parts.
  bool checkpoint_unread = false;
  bool runs_unread = false;
  std::optional<IndexLook> index = {};  // nothing if nobody has looked
  // Of the connector, with connector.id: "connector jobs: none waits or runs".
  std::vector<std::string> connector;
};

// A state of which nothing can be read.
SyncStatus UnreadStatus(Error problem);
// Without the index, which LookAtIndex looks at.
SyncStatus ReadStatus(checkpoint::StatePlace& place, const Clock& clock,
                      const config::Config& config);

// "stopped for safety: since 2026-08-05T10:00:00Z; the listing of Dropbox lacks …".
std::string StopLine(const checkpoint::RunRecord& stop);

std::vector<std::string> StatusLines(const SyncStatus& status);
std::string StatusJson(const SyncStatus& status);
// The same as the rest of an object that was started.
void WriteStatus(JsonWriter& writer, const SyncStatus& status);

// kConfiguration for problems, kLocked for an index that another state keeps, else kOk.
ExitCode CodeOf(const SyncStatus& status);
// What is to be done about a code that is not kOk.
std::string MessageOf(const SyncStatus& status);

}  // namespace dbxes::check

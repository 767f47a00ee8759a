// SPDX-License-Identifier: Apache-2.0
// The exit codes of dbx-es. The table is also the source of the manual.
#pragma once

#include <string_view>

#include "base/error.h"

namespace dbxes {

enum class ExitCode {
  kOk = 0,
  kFailed = 1,
  kConfiguration = 2,
  kDocumentsFailed = 3,
  kAuthorization = 4,
  kUnavailable = 5,
  kFullSyncNeeded = 6,
  kSafetyStop = 7,
  kTimeLimit = 10,
  kLocked = 11,
  kCanceled = 12,
  kInterrupted = 130,
  kTerminated = 143,
};

struct ExitCodeRow {
  ExitCode code;
  std::string_view outcome;  // machine name, `outcome` in --json
  std::string_view help;     // sentence of the manual
};

inline constexpr ExitCodeRow kExitCodes[] = {
    {ExitCode::kOk, "ok", "The run did all of its work."},
    {ExitCode::kFailed, "failed",
     "The run failed for a reason that no other code names, or verify found a difference."},
    {ExitCode::kConfiguration, "configuration",
     "The command line, the configuration, a state file, the state folder or the target index is "
     "wrong. The message says which, and nothing is lost."},
    {ExitCode::kDocumentsFailed, "documents_failed",
     "The run ended, but some documents failed, and the failures file names each with the reason; "
     "or "
     "documents had lost their access list, which the run has closed or restored."},
    {ExitCode::kAuthorization, "authorization",
     "A credential is missing, wrong or revoked, or lacks a scope or privilege."},
    {ExitCode::kUnavailable, "unavailable",
     "Dropbox, Elasticsearch or the extraction service is unavailable. The state is saved; try "
     "again later."},
    {ExitCode::kFullSyncNeeded, "full_sync_needed",
     "Settings that shaped the index have changed, or the index is not the one that the last run "
     "left: run full-sync."},
    {ExitCode::kSafetyStop, "safety_stop",
     "The run would have deleted more than allowed, so it did not. It did everything else."},
    {ExitCode::kTimeLimit, "time_limit",
     "The run ended itself after --max-duration. The state is saved; the next run continues."},
    {ExitCode::kLocked, "locked",
     "Another run holds the same target, another state keeps the index, or another program syncs "
     "its connector."},
    {ExitCode::kCanceled, "canceled", "Somebody canceled the run in Kibana. The state is saved."},
    {ExitCode::kInterrupted, "interrupted", "Interrupted by SIGINT. The state is saved."},
    {ExitCode::kTerminated, "terminated", "Terminated by SIGTERM. The state is saved."},
};

ExitCode ExitCodeFor(const Error& error);
std::string_view OutcomeName(ExitCode code);

}  // namespace dbxes

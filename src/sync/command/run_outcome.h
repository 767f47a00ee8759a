// SPDX-License-Identifier: Apache-2.0
// How a run ended: what its exit code and its message come from.
#pragma once

#include <string_view>

#include "base/result.h"
#include "checkpoint/failures_file.h"
#include "report/reporter.h"
#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/plan/sync_plan.h"

namespace dbxes::sync {

// "full-sync".
std::string_view NameOf(SyncMode mode);

// Says of an interrupted run who interrupted it, and where it stands. `canceled`: in Kibana.
void JudgeInterrupted(bool canceled, const Ledger& ledger, const Progress& progress,
                      Result<void>& outcome);

// The summary but for its duration. A run that did its work ends with kDocumentsFailed if documents
// have failed or were without a list; a reader of its output that has gone is no failure.
report::RunSummary Summarise(const RunOptions& options, Result<void> outcome,
                             const checkpoint::FailuresFile& failures, const Progress& progress);

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// The end of a run in words and in JSON, both drawn from kCounterTable. No I/O.
#pragma once

#include <string>
#include <vector>

#include "report/reporter.h"

namespace dbxes::report {

// "full-sync: 1,204 created, 3 updated, 88 unchanged, 2 deleted in 3.4 s", without a line break.
// "" for a command that failed before it counted anything: there is nothing to sum up.
std::string SummaryLine(const RunSummary& summary);

// What went wrong and what to do, an entry for each line, failed documents included; empty when all
// is well. Names of documents stand in them as they are: not to be printed without Printable().
std::vector<std::string> SummaryProblems(const RunSummary& summary);

// Its parts: why the run went wrong, and what became of one document.
std::vector<std::string> SummaryReasons(const RunSummary& summary);
std::string FailureLine(const FailedDocument& failure);

// One JSON object on one line, without a line break. Its members are described in dbx-es(1); to
// take one away or change its meaning is a breaking change.
std::string SummaryJson(const RunSummary& summary);

// The most failed documents that SummaryJson names. The failures file names all of them.
inline constexpr std::size_t kMaxListedFailures = 20;

}  // namespace dbxes::report

// SPDX-License-Identifier: Apache-2.0
// The end of a run as text and as JSON, both drawn from kCounterTable. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/reporter.h"

namespace dbxes::report {

// The summary of a command with the exit code, the error and the message of its outcome.
RunSummary SummaryOf(std::string_view command, const Result<void>& outcome);

// "12 without text: 9 no_pdftotext, 3 encrypted", by the names of the counters, of files whose text
// should be in the index; "" if there are none.
std::string TextlessLine(const RunSummary& summary);

// How many files these are.
std::uint64_t TextlessCount(const Counters& counters);

// Whether a run of `command` has read the change feed to its end: it did all of its work but for
// documents that failed, or a safety stop held back the deletions that it had read.
bool ReadsFeedToEnd(std::string_view command, int exit_code, const Counters& counters);

// Whether a summary of this command alone is that of a look for work (`connector run`), and of no
// sync that anybody would measure. The sync that it finds has a summary of its own.
bool OnlyLooksForWork(std::string_view command);

// Whether the run did nothing because another one holds the target, which is no news to anyone.
bool FoundAnotherRun(const RunSummary& summary);

// Whether the reader of standard output ended the run, such as head: it has what it wants.
bool EndedByReader(const RunSummary& summary);

// "full-sync: 1,204 created, 3 updated, 88 unchanged, 2 deleted in 3.4 s", without a line break.
// "" for a command that failed before it counted anything.
std::string SummaryLine(const RunSummary& summary);

// What went wrong and what to do, one entry a line, failed documents included; empty after a
// success. Names of documents are not escaped: print them with Printable().
std::vector<std::string> SummaryProblems(const RunSummary& summary);

// Its parts: why the run failed, and why one document did.
std::vector<std::string> SummaryReasons(const RunSummary& summary);
std::string FailureLine(const FailedDocument& failure);

// Of a dry run that stops for safety: a line for each document that is held back.
std::vector<std::string> HeldBackLines(const RunSummary& summary);

// One JSON object on one line, without a line break. dbx-es(1) describes its members; removing one
// or changing its meaning is a breaking change.
std::string SummaryJson(const RunSummary& summary);

// How many failed documents SummaryJson names at most. The failures file names all of them.
inline constexpr std::size_t kMaxListedFailures = 20;

}  // namespace dbxes::report

// SPDX-License-Identifier: Apache-2.0
#include "sync/command/run_outcome.h"

#include <fmt/format.h>

#include <csignal>
#include <optional>
#include <string>
#include <utility>

#include "report/summary.h"
#include "report/text.h"
#include "sync/command/kibana_job.h"

namespace dbxes::sync {
namespace {

// Where an interrupted run stands, for its message; "" where nothing is kept.
std::string Whereabouts(const Ledger& ledger, const report::Counters& totals) {
  if (!ledger.keeps()) return "";
  const auto& progress = ledger.checkpoint().full_sync;
  if (!progress) return "after " + report::CountOf(totals.entries, "entry");
  if (progress->pages == 0) {
    const std::uint64_t written = totals.created + totals.updated;
    return fmt::format("stopped; {} {} written, the listing starts over",
                       report::CountOf(written, "document"), written == 1 ? "is" : "are");
  }
  return fmt::format("{} and {} of the full sync are saved; the next run continues there",
                     report::CountOf(progress->pages, "page"),
                     report::CountOf(progress->entries, "entry"));
}

// Documents without a list are no failure that the next run could try again: it has found and
// closed them, and somebody should know who took the lists.
void AddOpenDocuments(std::uint64_t count, bool dry_run, Result<void>& outcome) {
  if (count == 0) return;
  const std::string text = fmt::format(
      "{} had no access list, so that everybody could see {}; {}",
      report::CountOf(count, "document"), count == 1 ? "it" : "them",
      dry_run ? "a run closes and restores what it finds so"
              : "what is found so is closed, and gets its list if Dropbox has it. Find out what "
                "removed the lists, and run dbx-es acl-sync to be sure that all are restored");
  if (outcome) {
    outcome = Fail(ErrorKind::kDocumentsFailed, text);
  } else {
    outcome.error().message += "; " + text;
  }
}

// A reader that has what it wants, such as head, ends the run: it is no failure.
bool ReaderHasGone(const Result<void>& outcome) {
  return !outcome && outcome.error().kind == ErrorKind::kInterrupted &&
         outcome.error().signal == SIGPIPE;
}

// Above all else, a dry run that stops for safety shows what a run would delete.
void AddHeldBack(const Progress& progress, report::RunSummary& summary) {
  if (!summary.dry_run || summary.exit_code != ExitCode::kSafetyStop) return;
  summary.held_back = progress.deletions();
  summary.more_held_back = progress.deletion_count() - summary.held_back.size();
}

// Documents that wait for a later try are no news.
Result<void> JudgeFailures(const checkpoint::FailuresFile& failures) {
  TRY_ASSIGN(const auto current, failures.current());
  if (current.empty()) return {};
  const std::uint64_t waiting = failures.count() - current.size();
  return Fail(
      ErrorKind::kDocumentsFailed,
      fmt::format("{} failed; the next run tries {} again{}",
                  report::CountOf(current.size(), "document"), current.size() == 1 ? "it" : "them",
                  waiting == 0
                      ? ""
                      : fmt::format("; {} more wait{} for a later try",
                                    report::WithThousands(waiting), waiting == 1 ? "s" : "")));
}

}  // namespace

std::string_view NameOf(SyncMode mode) {
  switch (mode) {
    case SyncMode::kFull:
      return "full-sync";
    case SyncMode::kIncremental:
      return "incremental";
    case SyncMode::kAccessControl:
      return "acl-sync";
  }
  return "";
}

void JudgeInterrupted(bool canceled, const Ledger& ledger, const Progress& progress,
                      Result<void>& outcome) {
  if (outcome || outcome.error().kind != ErrorKind::kInterrupted) return;
  JudgeCanceled(canceled, outcome);
  const std::string where = Whereabouts(ledger, progress.Totals());
  if (!where.empty()) outcome.error().message += ": " + where;
}

report::RunSummary Summarise(const RunOptions& options, Result<void> outcome,
                             const checkpoint::FailuresFile& failures, const Progress& progress) {
  const report::Counters totals = progress.Totals();
  std::optional<Error> reader;
  if (ReaderHasGone(outcome)) reader = std::exchange(outcome, {}).error();
  if (outcome && failures.count() > 0) outcome = JudgeFailures(failures);
  AddOpenDocuments(totals.without_list, options.dry_run, outcome);
  report::RunSummary summary = report::SummaryOf(NameOf(options.mode), outcome);
  if (reader) summary.error = std::move(reader);
  summary.dry_run = options.dry_run;
  summary.counters = totals;
  if (failures.count() > 0) summary.failures_file = failures.path();
  summary.failures = failures.first();
  summary.failure_groups = failures.Groups();
  AddHeldBack(progress, summary);
  return summary;
}

}  // namespace dbxes::sync

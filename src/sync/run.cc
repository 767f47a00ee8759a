// SPDX-License-Identifier: Apache-2.0
#include "sync/run.h"

#include <fmt/format.h>

#include <utility>

#include "base/clock.h"
#include "checkpoint/run_history.h"
#include "report/summary.h"
#include "sync/sync_run.h"

namespace dbxes::sync {
namespace {

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

// Keeps what `status` shows of past runs. A run that found the target locked is not one of them.
void RecordRun(Environment& environment, const config::Config& config,
               const report::RunSummary& summary, std::int64_t started,
               report::Reporter& reporter) {
  const bool keeps_state = !config.dry_run && config.output_file.empty();
  if (!keeps_state || summary.exit_code == ExitCode::kLocked) return;
  checkpoint::RunHistory history(
      environment.files, config.state_dir,
      checkpoint::TargetFileName(config.elasticsearch.host, config.elasticsearch.index));
  auto added = history.Add(checkpoint::RecordOf(summary, started));
  // A folder that cannot be written has already ended the run with a message.
  if (!added) reporter.Detail("this run is not recorded: " + added.error().message);
}

}  // namespace

std::unique_ptr<parsers::DocumentParser> MakeParserPool(EventLoop& loop,
                                                        parsers::ParserSettings settings) {
  return std::make_unique<parsers::ParserPool>(loop, std::move(settings));
}

report::RunSummary RunSync(Environment& environment, const config::Config& config, SyncMode mode,
                           report::Reporter& reporter, const ParserFactory& make_parser) {
  const Milliseconds begin = environment.clock.Now();
  const std::int64_t started = environment.clock.WallMicros();
  SyncRun run(environment, config, mode, reporter, make_parser);
  auto outcome = run.Run();
  run.Settle();
  if (!outcome && outcome.error().kind == ErrorKind::kInterrupted) {
    if (const std::string where = run.Whereabouts(); !where.empty()) {
      outcome.error().message += ": " + where;
    }
  }

  if (outcome && run.failures().count() > 0) {
    outcome = Fail(
        ErrorKind::kDocumentsFailed,
        fmt::format("{} documents failed; the next run tries them again", run.failures().count()));
  }
  report::RunSummary summary = report::SummaryOf(NameOf(mode), outcome);
  summary.dry_run = config.dry_run;
  summary.counters = run.counters();
  if (run.failures().count() > 0) summary.failures_file = run.failures().path();
  summary.failures = run.failures().first();
  summary.duration = environment.clock.Now() - begin;
  // While `run` still holds the lock, so that two runs cannot write the record at once.
  RecordRun(environment, config, summary, started, reporter);
  return summary;
}

}  // namespace dbxes::sync

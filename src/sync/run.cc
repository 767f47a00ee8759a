// SPDX-License-Identifier: Apache-2.0
#include "sync/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/http/curl_http.h"
#include "base/os/posix_file_system.h"
#include "checkpoint/run_history.h"
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

volatile std::sig_atomic_t g_stop_signal = 0;

// The first signal asks; SA_RESETHAND lets a second one of the kind end the process at once.
void OnStopSignal(int signal) { g_stop_signal = signal; }

volatile std::sig_atomic_t g_status_asked = 0;

void OnStatusSignal(int) { g_status_asked = 1; }

bool TakeStatusAsked() {
  const bool asked = g_status_asked != 0;
  g_status_asked = 0;
  return asked;
}

void WatchSignals() {
  struct sigaction action {};
  action.sa_handler = OnStopSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = OnStatusSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error of the write
}

std::string ScratchFolder() {
  std::error_code error;
  const std::filesystem::path base = std::filesystem::temp_directory_path(error);
  return fmt::format("{}/dbx-es-{}", error ? "/tmp" : base.string(), ::getpid());
}

}  // namespace

void InRealEnvironment(const std::function<void(Environment&)>& act) {
  WatchSignals();
  PosixFileSystem files;
  SystemClock clock;
  CurlHttp http("dbx-es/" DBXES_VERSION);
  Environment environment{files,
                          clock,
                          http,
                          [] { return static_cast<int>(g_stop_signal); },
                          std::random_device{}(),
                          static_cast<int>(::getpid()),
                          ScratchFolder(),
                          parsers::FindPdftotext(),
                          [](EventLoop& loop, parsers::ParserSettings settings) {
                            return std::make_unique<parsers::ParserPool>(loop, std::move(settings));
                          },
                          TakeStatusAsked};
  act(environment);
  std::error_code ignored;  // a scratch folder that stays behind is no reason to fail a run
  std::filesystem::remove_all(environment.scratch_folder, ignored);
}

namespace {

using Recorder = std::function<void(const report::RunSummary&, std::int64_t started)>;

// `record` hears of the run while it still holds the target.
report::RunSummary RunRecorded(Environment& environment, const config::Config& config,
                               SyncMode mode, report::Reporter& reporter, const Recorder& record) {
  const Milliseconds begin = environment.clock.Now();
  const std::int64_t started = environment.clock.WallMicros();
  SyncRun run(environment, config, mode, reporter);
  auto outcome = run.Run();
  run.Settle();
  if (!outcome && outcome.error().kind == ErrorKind::kInterrupted) {
    if (const std::string where = run.Whereabouts(); !where.empty()) {
      outcome.error().message += ": " + where;
    }
  }

  report::RunSummary summary;
  summary.command = NameOf(mode);
  summary.dry_run = config.dry_run;
  summary.counters = run.counters();
  if (outcome && run.failures().count() > 0) {
    outcome = Fail(
        ErrorKind::kDocumentsFailed,
        fmt::format("{} documents failed; the next run tries them again", run.failures().count()));
  }
  if (!outcome) {
    summary.exit_code = ExitCodeFor(outcome.error());
    summary.error = outcome.error();
    summary.message = outcome.error().ToLine();
  }
  if (run.failures().count() > 0) summary.failures_file = run.failures().path();
  summary.failures = run.failures().first();
  summary.duration = environment.clock.Now() - begin;
  record(summary, started);
  return summary;
}

// Keeps what status tells of past runs. A run that was turned away by another is none.
void RecordRun(Environment& environment, const config::Config& config,
               const report::RunSummary& summary, std::int64_t started,
               report::Reporter& reporter) {
  const bool keeps_state = !config.dry_run && config.output_file.empty();
  if (!keeps_state || summary.exit_code == ExitCode::kLocked) return;
  checkpoint::RunHistory history(
      environment.files, config.state_dir,
      checkpoint::TargetFileName(config.elasticsearch.host, config.elasticsearch.index));
  auto added = history.Add(checkpoint::RecordOf(summary, started));
  // A folder that cannot be written has ended the run already, in words.
  if (!added) reporter.Detail("this run is not recorded: " + added.error().message);
}

}  // namespace

report::RunSummary RunSyncIn(Environment& environment, const config::Config& config, SyncMode mode,
                             report::Reporter& reporter) {
  return RunRecorded(environment, config, mode, reporter,
                     [](const report::RunSummary&, std::int64_t) {});
}

report::RunSummary RunSync(const config::Config& config, SyncMode mode,
                           report::Reporter& reporter) {
  report::RunSummary summary;
  InRealEnvironment([&](Environment& environment) {
    summary = RunRecorded(environment, config, mode, reporter,
                          [&](const report::RunSummary& done, std::int64_t started) {
                            RecordRun(environment, config, done, started, reporter);
                          });
  });
  return summary;
}

}  // namespace dbxes::sync

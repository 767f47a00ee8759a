// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>

#include "base/http/event_loop.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/outcome.h"
#include "report/summary.h"
#include "state/open_place.h"
#include "state/state_move.h"
#include "sync/plan/state_trust.h"

namespace dbxes::cli {
namespace {

constexpr Milliseconds kPatience{10'000};

}  // namespace

ExitCode RunState(const CommandLine& line, const config::Config& config,
                  report::Reporter& reporter) {
  if (config.state_dir.empty()) {
    return ReportOutcome("state",
                         Fail(ErrorKind::kConfig,
                              "no folder for the state: set sync.state_dir, "
                              "DBX_ES_SYNC_STATE_DIR or HOME"),
                         reporter);
  }
  RealEnvironment environment(config.report.trace, reporter);
  if (auto trusted = sync::TrustStateFolder((*environment).probe, config); !trusted) {
    return ReportOutcome("state", trusted, reporter);
  }
  EventLoop loop((*environment).http, (*environment).clock, (*environment).stop_signal);
  const auto on_retry = [&reporter](const Error& error, Milliseconds delay) {
    reporter.Warn(fmt::format("{}; waiting for {} s", error.ToLine(), delay.count() / 1000));
  };
  const bool to_cluster = line.values.Text("--to") == "cluster";
  using config::StateKind;
  const StateKind from_kind = to_cluster ? StateKind::kFolder : StateKind::kCluster;
  const StateKind to_kind = to_cluster ? StateKind::kCluster : StateKind::kFolder;
  const auto from = state::OpenPlace(*environment, loop, config, from_kind, on_retry);
  const auto to = state::OpenPlace(*environment, loop, config, to_kind, on_retry);
  auto moved = state::MoveState(*from, *to, (*environment).pid);
  if (!moved && moved.error().kind == ErrorKind::kInterrupted) {
    loop.FinishInFlight(kPatience);
    (void)to->GiveBack();
    (void)from->GiveBack();
    moved.error().message += "; run the command again";
  }
  if (!moved) return ReportOutcome("state", moved, reporter);
  report::RunSummary summary = report::SummaryOf("state", {});
  summary.answer = {fmt::format("the state is in {} now", to->base())};
  if (config.sync.state != to_kind) {
    summary.answer.push_back(fmt::format("set [sync] state = \"{}\" for the runs of this target",
                                         to_cluster ? "cluster" : "folder"));
  }
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes::cli

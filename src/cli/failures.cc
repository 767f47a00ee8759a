// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/tree_path.h"
#include "check/failure_report.h"
#include "checkpoint/checkpoint_store.h"
#include "checkpoint/failure_edit.h"
#include "cli/commands.h"
#include "cli/outcome.h"
#include "cli/state_session.h"
#include "find/lower_path.h"
#include "report/text.h"
#include "sync/plan/state_trust.h"

namespace dbxes::cli {
namespace {

using checkpoint::FailureAction;

constexpr Milliseconds kPatience{10'000};

std::string FileOf(checkpoint::StatePlace& place) {
  return checkpoint::CheckpointStore(place).failures_path();
}

Result<std::vector<checkpoint::FailureRecord>> Read(checkpoint::StatePlace& place,
                                                    const Clock& clock) {
  TRY(place.Open());
  return checkpoint::ReadFailures(place.files(), clock, FileOf(place));
}

// Ids have upper and lower case; paths are compared in lower case, and a folder without its slash.
std::vector<std::string> NamesIn(const CommandLine& line) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i < line.values.arguments().size(); ++i) {
    std::string name = line.values.Argument(i);
    if (name.starts_with('/')) name = WithoutFinalSlash(find::LowerPath(name));
    names.push_back(std::move(name));
  }
  return names;
}

// Holds the place meanwhile, so that no run reads or writes the failures.
Result<std::uint64_t> Edit(StateSession& session, const std::vector<std::string>& names,
                           FailureAction action) {
  checkpoint::StatePlace& place = session.place();
  const Environment& environment = session.environment();
  TRY_ASSIGN(const auto recorded, Read(place, environment.clock));
  if (recorded.empty() && names.empty()) return 0;
  auto taken = place.Take(environment.pid);
  auto edited = taken ? checkpoint::EditFailures(place.files(), environment.clock, FileOf(place),
                                                 names, action)
                      : Result<std::uint64_t>(Fail(taken.error()));
  // After a stop signal, so that the next run need not wait for the lease.
  session.loop().FinishInFlight(kPatience);
  const auto given_back = place.GiveBack();
  if (edited && !given_back) return Fail(given_back.error());
  return edited;
}

ExitCode List(checkpoint::StatePlace& place, const Clock& clock, bool json,
              report::Reporter& reporter) {
  const auto records = Read(place, clock);
  if (!records) return ReportOutcome("failures", Fail(records.error()), reporter);
  if (json) {
    reporter.Print(check::FailuresJson(FileOf(place), *records));
    return ExitCode::kOk;
  }
  for (const std::string& text : check::FailureLines(*records)) reporter.Print(text);
  if (records->empty()) reporter.Info("no document has failed");
  return ExitCode::kOk;
}

}  // namespace

ExitCode RunFailures(const CommandLine& line, const config::Config& config,
                     report::Reporter& reporter) {
  if (const auto target = NeedTarget(config); !target) {
    return ReportOutcome("failures", target, reporter);
  }
  StateSession session(config, reporter);
  const std::string what = line.values.Argument(0);
  if (what.empty() || what == "list") {
    return List(session.place(), session.environment().clock, line.output.json, reporter);
  }
  if (config.sync.state == config::StateKind::kFolder) {
    const auto trusted = sync::TrustStateFolder(session.environment().probe, config);
    if (!trusted) return ReportOutcome("failures", trusted, reporter);
  }
  const bool retry = what == "retry";
  const auto edited =
      Edit(session, NamesIn(line), retry ? FailureAction::kRetry : FailureAction::kAccept);
  if (!edited) return ReportOutcome("failures", Fail(edited.error()), reporter);
  const std::string documents = report::CountOf(*edited, "document");
  const std::string done = retry ? "the next run tries " + documents + " again"
                                 : documents + " accepted until the files change";
  report::RunSummary summary;
  summary.command = "failures";
  summary.answer = {done};
  reporter.Summary(summary);
  return ExitCode::kOk;
}

}  // namespace dbxes::cli

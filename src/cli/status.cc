// SPDX-License-Identifier: Apache-2.0
#include "check/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.h"
#include "cli/outcome.h"
#include "cli/state_session.h"

namespace dbxes::cli {

ExitCode RunStatus(const CommandLine& line, const config::Config& config,
                   report::Reporter& reporter) {
  if (const auto target = NeedTarget(config); !target) {
    return ReportOutcome("status", target, reporter);
  }
  StateSession session(config, reporter);
  const check::SyncStatus status =
      check::ReadStatus(session.place(), session.environment().clock, config);
  if (line.output.json) {
    reporter.Print(check::StatusJson(status));
    return status.problems.empty() ? ExitCode::kOk : ExitCode::kConfiguration;
  }
  for (const std::string& text : check::StatusLines(status)) reporter.Print(text);
  if (status.problems.empty()) return ExitCode::kOk;
  return ReportOutcome(
      "status", Fail(ErrorKind::kConfig, fmt::format("{}", fmt::join(status.problems, "\n"))),
      reporter);
}

}  // namespace dbxes::cli

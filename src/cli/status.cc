// SPDX-License-Identifier: Apache-2.0
#include "check/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/http/event_loop.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/outcome.h"
#include "state/open_place.h"

namespace dbxes::cli {

ExitCode RunStatus(const CommandLine& line, const config::Config& config,
                   report::Reporter& reporter) {
  if (config.elasticsearch.host.empty()) {
    return ReportOutcome("status",
                         Fail(ErrorKind::kConfig,
                              "no target: elasticsearch.host is not set; name the configuration "
                              "file with --config"),
                         reporter);
  }
  RealEnvironment environment(config.report.trace, reporter);
  EventLoop loop((*environment).http, (*environment).clock, (*environment).stop_signal);
  const auto place = state::OpenPlace(*environment, loop, config, config.sync.state,
                                      [&reporter](const Error& error, Milliseconds) {
                                        reporter.Detail(error.ToLine() + "; trying again");
                                      });
  const check::SyncStatus status = check::ReadStatus(*place, (*environment).clock, config);
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

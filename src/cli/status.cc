// SPDX-License-Identifier: Apache-2.0
#include "check/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "base/os/posix_file_system.h"
#include "cli/commands.h"

namespace dbxes::cli {

namespace {

ExitCode Failed(std::string message, report::Reporter& reporter) {
  report::RunSummary summary;
  summary.command = "status";
  summary.exit_code = ExitCode::kConfiguration;
  summary.message = std::move(message);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace

ExitCode RunStatus(const config::Config& config, report::Reporter& reporter) {
  if (config.elasticsearch.host.empty()) {
    return Failed(
        "no target: elasticsearch.host is not set; name the configuration file with --config",
        reporter);
  }
  PosixFileSystem files;
  const SystemClock clock;
  const check::SyncStatus status = check::ReadStatus(files, SystemFileProbe(), clock, config);
  if (config.output.json) {
    reporter.Print(check::StatusJson(status));
    return status.problems.empty() ? ExitCode::kOk : ExitCode::kConfiguration;
  }
  for (const std::string& line : check::StatusLines(status)) reporter.Print(line);
  if (status.problems.empty()) return ExitCode::kOk;
  return Failed(fmt::format("{}", fmt::join(status.problems, "\n")), reporter);
}

}  // namespace dbxes::cli

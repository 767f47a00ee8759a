// SPDX-License-Identifier: Apache-2.0
#include "check/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/os/file_probe.h"
#include "base/os/posix_file_system.h"
#include "checkpoint/folder_place.h"
#include "cli/commands.h"
#include "cli/outcome.h"

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
  PosixFileSystem files;
  const SystemClock clock;
  const FileProbe probe = SystemFileProbe();
  checkpoint::FolderPlace place(
      files, probe, clock, config.state_dir,
      checkpoint::TargetFileName(config.elasticsearch.host, config.elasticsearch.index));
  const check::SyncStatus status = check::ReadStatus(place, clock, config);
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

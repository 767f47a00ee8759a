// SPDX-License-Identifier: Apache-2.0
// The reporters of a command: terminal, log, metrics file and dead man's switch, as the command
// line and the settings want them.
#pragma once

#include <optional>

#include "base/os/posix_file_system.h"
#include "cli/command_line.h"
#include "cli/program.h"
#include "report/changes_file.h"
#include "report/log_reporter.h"
#include "report/monitors.h"
#include "report/reporter_group.h"
#include "report/text_reporter.h"

namespace dbxes::cli {

class RunReporters {
 public:
  // Until the settings are loaded, flags and environment decide.
  RunReporters(const CommandLine& line, const ProgramContext& context, Clock& clock);
  RunReporters(const RunReporters&) = delete;
  RunReporters& operator=(const RunReporters&) = delete;

  report::Reporter& reporter() { return group_; }
  // Applies the settings. Earlier messages stay where they were written. kConfig when the log or
  // the list of changes cannot be opened.
  Result<void> Configure(const config::Config& config);
  // The final exit code: kFailed for a success that the log, the metrics file or the list of
  // changes could not record.
  ExitCode Finish(ExitCode code);

 private:
  Result<void> OpenFiles(const config::ReportConfig& report);
  void Rebuild(bool json);
  bool ReportFailed() const;
  bool WantsMonitors() const;

  const CommandLine& line_;
  const ProgramContext& context_;
  Clock& clock_;
  PosixFileSystem files_;
  std::string log_path_;
  report::LogReporter::File log_file_{nullptr, std::fclose};
  report::ChangesFile::File changes_file_{nullptr, std::fclose};
  std::optional<report::ChangesFile> changes_;
  std::optional<report::TextReporter> text_;
  std::optional<report::LogReporter> log_;
  std::optional<report::Monitors> monitors_;
  report::ReporterGroup group_;
};

}  // namespace dbxes::cli

// SPDX-License-Identifier: Apache-2.0
// Who is told of a run: the terminal, the log, the metrics file and the dead man's switch, as the
// command line and the settings have it.
#pragma once

#include <optional>

#include "base/os/posix_file_system.h"
#include "cli/options.h"
#include "cli/program.h"
#include "report/log_reporter.h"
#include "report/monitors.h"
#include "report/reporter_group.h"
#include "report/text_reporter.h"

namespace dbxes::cli {

class RunReporters {
 public:
  // Until the settings are known, what flags and environment say of them counts.
  RunReporters(const CommandLine& line, const ProgramContext& context, Clock& clock);
  RunReporters(const RunReporters&) = delete;
  RunReporters& operator=(const RunReporters&) = delete;

  report::Reporter& reporter() { return group_; }
  // With the settings of the run; what was said before stands where it was said. kConfig when the
  // log cannot be opened.
  Result<void> Configure(const config::Config& config);
  // What comes right before the run.
  void Begin();
  // The exit code, when everybody has been told: of a success that could not be written down, it is
  // kFailed.
  ExitCode Finish(ExitCode code);

 private:
  void Rebuild(bool json);
  bool FailedToTell() const;
  bool WantsMonitors(const config::Config& config) const;

  const CommandLine& line_;
  const ProgramContext& context_;
  Clock& clock_;
  PosixFileSystem files_;
  std::string log_path_;
  report::LogReporter::File log_file_{nullptr, std::fclose};
  std::optional<report::TextReporter> text_;
  std::optional<report::LogReporter> log_;
  std::optional<report::Monitors> monitors_;
  report::ReporterGroup group_;
};

}  // namespace dbxes::cli

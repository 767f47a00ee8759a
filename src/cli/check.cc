// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include "cli/check_output.h"
#include "cli/commands.h"
#include "cli/environment.h"

namespace dbxes::cli {

ExitCode RunCheck(const CommandLine& line, const config::LoadedConfig& loaded,
                  report::Reporter& reporter) {
  RealEnvironment environment(loaded.config.report.trace, reporter);
  const check::CheckReport report = check::RunCheck(*environment, loaded, reporter);
  if (line.output.json) {
    reporter.Print(CheckJson(report));
  } else {
    for (const std::string& text : CheckLines(report, line.output.quiet)) reporter.Print(text);
  }
  return report.code();
}

}  // namespace dbxes::cli

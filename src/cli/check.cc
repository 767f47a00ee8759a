// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include "cli/check_output.h"
#include "cli/commands.h"
#include "cli/environment.h"

namespace dbxes::cli {

ExitCode RunCheck(const config::LoadedConfig& loaded, report::Reporter& reporter) {
  RealEnvironment environment;
  const check::CheckReport report = check::RunCheck(*environment, loaded, reporter);
  const config::OutputConfig& output = loaded.config.output;
  if (output.json) {
    reporter.Print(CheckJson(report));
  } else {
    for (const std::string& line : CheckLines(report, output.quiet)) reporter.Print(line);
  }
  return report.code();
}

}  // namespace dbxes::cli

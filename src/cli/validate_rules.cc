// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/rule_report.h"

namespace dbxes::cli {

ExitCode RunValidateRules(const std::string& path, const config::OutputConfig& output,
                          report::Reporter& reporter) {
  auto report = ReadReport(path);
  if (!report) return ReportFailure(report.error(), reporter);
  return Show(*report, output, reporter);
}

}  // namespace dbxes::cli

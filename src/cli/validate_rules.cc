// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/rule_report.h"

namespace dbxes {

ExitCode RunValidateRules(const std::string& path, const OutputConfig& output, Reporter& reporter) {
  auto report = ReadReport(path);
  if (!report) return ReportFailure(report.error(), reporter);
  return Show(*report, output, reporter);
}

}  // namespace dbxes

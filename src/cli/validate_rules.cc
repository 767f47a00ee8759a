// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/outcome.h"
#include "cli/rule_report.h"

namespace dbxes::cli {

ExitCode RunValidateRules(const CommandLine& line, report::Reporter& reporter) {
  auto report = ReadReport(line.values.Argument(0));
  if (!report) return ReportOutcome("validate-rules", Fail(report.error()), reporter);
  return Show(*report, line.output, reporter);
}

}  // namespace dbxes::cli

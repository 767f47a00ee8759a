// SPDX-License-Identifier: Apache-2.0
#include "cli/outcome.h"

#include "report/summary.h"

namespace dbxes::cli {

ExitCode ReportOutcome(std::string_view command, const Result<void>& outcome,
                       report::Reporter& reporter) {
  const report::RunSummary summary = report::SummaryOf(command, outcome);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes::cli

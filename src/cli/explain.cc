// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "sync/run.h"

namespace dbxes {

ExitCode RunExplain(const Config& config, Reporter& reporter) {
  const RunSummary summary = RunExplanation(config, reporter);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes

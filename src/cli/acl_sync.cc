// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "sync/run.h"

namespace dbxes {

ExitCode RunAclSync(const Config& config, Reporter& reporter) {
  const RunSummary summary = RunSync(config, SyncMode::kAccessControl, reporter);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes

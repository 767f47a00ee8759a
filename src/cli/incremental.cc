// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "sync/run.h"

namespace dbxes::cli {

ExitCode RunIncremental(const config::Config& config, report::Reporter& reporter) {
  const report::RunSummary summary = sync::RunSync(config, sync::SyncMode::kIncremental, reporter);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes::cli

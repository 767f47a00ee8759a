// SPDX-License-Identifier: Apache-2.0
#include "auth/auth.h"

#include "cli/commands.h"
#include "cli/environment.h"

namespace dbxes::cli {

ExitCode RunAuth(const config::Config& config, report::Reporter& reporter) {
  RealEnvironment environment;
  const report::RunSummary summary = auth::RunAuth(*environment, config, reporter);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes::cli

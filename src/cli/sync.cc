// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/environment.h"
#include "sync/run.h"

namespace dbxes::cli {
namespace {

ExitCode RunSync(const config::Config& config, sync::SyncMode mode, report::Reporter& reporter) {
  RealEnvironment environment;
  const report::RunSummary summary = sync::RunSync(*environment, config, mode, reporter);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace

ExitCode RunFullSync(const config::Config& config, report::Reporter& reporter) {
  return RunSync(config, sync::SyncMode::kFull, reporter);
}

ExitCode RunIncremental(const config::Config& config, report::Reporter& reporter) {
  return RunSync(config, sync::SyncMode::kIncremental, reporter);
}

ExitCode RunAclSync(const config::Config& config, report::Reporter& reporter) {
  return RunSync(config, sync::SyncMode::kAccessControl, reporter);
}

}  // namespace dbxes::cli

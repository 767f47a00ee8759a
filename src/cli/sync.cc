// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/spec/duration.h"
#include "sync/command/run.h"

namespace dbxes::cli {
namespace {

ExitCode RunSync(const CommandLine& line, const config::Config& config, sync::SyncMode mode,
                 report::Reporter& reporter) {
  const sync::RunOptions options{
      .mode = mode,
      .dry_run = line.values.Has("--dry-run"),
      .force = line.values.Has("--force"),
      .take_over = line.values.Has("--take-over"),
      .change_path = line.values.Has("--change-path"),
      .remove_identities = line.values.Has("--remove"),
      .wait = line.values.Has("--wait")
                  ? ParseDuration(line.values.Text("--wait")).value_or(Milliseconds::max())
                  : Milliseconds(0),
      .max_duration =
          ParseDuration(line.values.Text("--max-duration", "0")).value_or(Milliseconds(0)),
      .output_file = line.values.Text("--output")};
  RealEnvironment environment(config.report.trace, reporter);
  const report::RunSummary summary = sync::RunSync(*environment, config, options, reporter);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace

ExitCode RunFullSync(const CommandLine& line, const config::Config& config,
                     report::Reporter& reporter) {
  return RunSync(line, config, sync::SyncMode::kFull, reporter);
}

ExitCode RunIncremental(const CommandLine& line, const config::Config& config,
                        report::Reporter& reporter) {
  return RunSync(line, config, sync::SyncMode::kIncremental, reporter);
}

ExitCode RunAclSync(const CommandLine& line, const config::Config& config,
                    report::Reporter& reporter) {
  return RunSync(line, config, sync::SyncMode::kAccessControl, reporter);
}

}  // namespace dbxes::cli

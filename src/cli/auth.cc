// SPDX-License-Identifier: Apache-2.0
#include "auth/auth.h"

#include "cli/commands.h"
#include "cli/environment.h"

namespace dbxes::cli {
namespace {

auth::AuthOptions OptionsOf(const CommandValues& values) {
  using Action = auth::AuthOptions::Action;
  const std::string action = values.Argument(0);
  return {.action = action == "status"   ? Action::kStatus
                    : action == "revoke" ? Action::kRevoke
                                         : Action::kAuthorize,
          .code = config::Secret(values.Text("--code")),
          .listen = values.Has("--listen") || values.Has("--redirect-uri"),
          .redirect_uri = values.Text("--redirect-uri", auth::kDefaultRedirectUri),
          .team = values.Has("--team"),
          .print = values.Has("--print"),
          .browser = !values.Has("--no-browser")};
}

}  // namespace

ExitCode RunAuth(const CommandLine& line, const config::Config& config,
                 report::Reporter& reporter) {
  RealEnvironment environment(config.report.trace, reporter);
  const report::RunSummary summary =
      auth::RunAuth(*environment, config, OptionsOf(line.values), reporter);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes::cli

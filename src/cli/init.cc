// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "auth/auth.h"
#include "check/check.h"
#include "cli/check_output.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "report/summary.h"
#include "setup/first_config.h"

namespace dbxes::cli {
namespace {

constexpr std::string_view kName = "init";

// The file of --config, or the user's own, which is the first of the search path.
Result<std::string> NewFile(const CommandLine& line, const config::ConfigSources& sources) {
  if (line.load.config_file) return *line.load.config_file;
  std::vector<std::string> searched = config::ConfigSearchPath(sources.environment);
  if (searched.empty()) return Fail(ErrorKind::kConfig, "no folder for the file: use --config");
  return searched.front();
}

config::LoadRequest RequestOf(const CommandLine& line) {
  config::LoadRequest request = line.load;
  request.needs_refresh_token = false;
  return request;
}

std::string With(std::string_view command, const CommandLine& line) {
  return line.load.config_file ? fmt::format("{} -c {}", command, *line.load.config_file)
                               : std::string(command);
}

// The account is part of the answer, as after auth.
Result<void> LogIn(Environment& environment, const CommandLine& line, const config::Config& config,
                   report::Reporter& reporter) {
  if (!config.dropbox.refresh_token.empty()) return {};
  const report::RunSummary done = auth::RunAuth(
      environment, config,
      {.listen = line.values.Has("--listen"), .browser = !line.values.Has("--no-browser")},
      reporter);
  for (const std::string& text : done.answer) reporter.Info(text);
  if (!done.error) return {};
  Error error = *done.error;
  error.message +=
      fmt::format("; the configuration is written: continue with {}", With("dbx-es auth", line));
  return Fail(std::move(error));
}

// The exit code of the check.
Result<ExitCode> Init(Environment& environment, const CommandLine& line,
                      const config::ConfigSources& sources, report::Reporter& reporter) {
  TRY_ASSIGN(const std::string file, NewFile(line, sources));
  const config::LoadRequest request = RequestOf(line);
  TRY_ASSIGN(const auto written,
             setup::WriteFirstConfig(environment, request, sources,
                                     {.file = file,
                                      .app_key = line.values.Text("--app-key"),
                                      .username = line.values.Text("--username")},
                                     reporter));
  reporter.Info("wrote " + file);
  TRY(LogIn(environment, line, written.config, reporter));
  // With the token.
  config::LoadRequest complete = line.load;
  complete.config_file = file;
  const config::LoadedConfig loaded = config::InspectConfig(complete, sources);
  const check::CheckReport report = check::RunCheck(environment, loaded, reporter);
  for (const std::string& text : CheckLines(report, line.output.quiet)) reporter.Info(text);
  if (report.code() == ExitCode::kOk) reporter.Info("next: " + With("dbx-es full-sync", line));
  return report.code();
}

}  // namespace

ExitCode RunInit(const CommandLine& line, const config::ConfigSources& sources,
                 report::Reporter& reporter) {
  RealEnvironment environment("", reporter);
  const auto code = Init(*environment, line, sources, reporter);
  report::RunSummary summary =
      report::SummaryOf(kName, code ? Result<void>() : Result<void>(Fail(code.error())));
  if (code && *code != ExitCode::kOk) {
    summary.exit_code = *code;
    summary.message = fmt::format("the configuration is written, but a run would fail: see {}",
                                  With("dbx-es check", line));
  }
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes::cli

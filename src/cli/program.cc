// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run_reporters.h"

namespace dbxes::cli {
namespace {

ExitCode ReportError(const std::string& command, bool dry_run, const Error& error,
                     report::Reporter& reporter) {
  report::RunSummary summary;
  summary.command = command;
  summary.dry_run = dry_run;
  summary.exit_code = ExitCodeFor(error);
  summary.error = error;
  summary.message = error.ToLine();
  reporter.Summary(summary);
  return summary.exit_code;
}

void AddLine(const CommandLine& line, config::Config& config) {
  config.output = line.output;
  config.dry_run = line.dry_run;
  config.force = line.force;
  config.remove_identities = line.remove;
  config.output_file = line.output_file;
  config.auth = line.auth;
  config.arguments = line.positionals;
  config.preview = line.preview;
}

// Commands that look at a configuration instead of running with it.
ExitCode RunLook(const CommandLine& line, const ProgramContext& context,
                 report::Reporter& reporter) {
  if (line.command == CommandId::kConfig && line.positionals[0] == "import") {
    return RunConfigImport(line.positionals[1], line.output_file, line.output, context.sources,
                           reporter);
  }
  config::LoadedConfig loaded = config::InspectConfig(line.load, context.sources);
  if (line.command == CommandId::kConfig) return RunConfigShow(loaded, line.output, reporter);
  AddLine(line, loaded.config);
  return context.check(loaded, reporter);
}

ExitCode RunCommand(const CommandLine& line, const ProgramContext& context,
                    RunReporters& reporters) {
  report::Reporter& reporter = reporters.reporter();
  const bool asks_dropbox = line.remote || line.preview;
  if (line.command == CommandId::kValidateRules && !asks_dropbox) {
    return RunValidateRules(line.positionals[0], line.output, reporter);
  }
  if (line.command == CommandId::kConfig || line.command == CommandId::kCheck) {
    return RunLook(line, context, reporter);
  }
  auto loaded = config::LoadConfig(line.load, context.sources);
  const std::string command(CommandFor(line.command).name);
  if (!loaded) return ReportError(command, line.dry_run, loaded.error(), reporter);
  AddLine(line, loaded->config);
  if (auto ready = reporters.Configure(loaded->config); !ready) {
    return ReportError(command, line.dry_run, ready.error(), reporter);
  }
  for (const std::string& warning : loaded->warnings) reporter.Warn(warning);
  reporters.Begin();
  return context.runners.at(line.command)(loaded->config, reporter);
}

// A full disk or a closed pipe must not pass for a summary that was delivered.
ExitCode CheckOutput(ExitCode code, const report::ReportStreams& streams) {
  errno = 0;
  const bool flushed = std::fflush(streams.out) == 0;
  if (flushed && std::ferror(streams.out) == 0) return code;
  const char* reason = errno == 0 ? "write error" : std::strerror(errno);
  fmt::print(streams.err, "dbx-es: cannot write standard output: {}\n", reason);
  return code == ExitCode::kOk ? ExitCode::kFailed : code;
}

}  // namespace

ExitCode RunProgram(std::span<const std::string> arguments, const ProgramContext& context) {
  SystemClock clock;
  const auto line = ParseCommandLine(arguments);
  if (!line) {
    report::TextReporter reporter({.json = AsksForJson(arguments)}, context.streams,
                                  context.terminal, clock);
    const ExitCode code = ReportError(CommandNameIn(arguments), false, line.error(), reporter);
    return CheckOutput(code, context.streams);
  }
  if (line->print) {
    fmt::print(context.streams.out, "{}", *line->print);
    return CheckOutput(ExitCode::kOk, context.streams);
  }
  RunReporters reporters(*line, context, clock);
  const ExitCode code = RunCommand(*line, context, reporters);
  return CheckOutput(reporters.Finish(code), context.streams);
}

ExitCode ReportDefect(std::span<const std::string> arguments, const ProgramContext& context,
                      const std::string& what) {
  const SystemClock clock;
  report::TextReporter reporter({.json = AsksForJson(arguments)}, context.streams, context.terminal,
                                clock);
  const Error error{ErrorKind::kInternal, "internal error: " + what};
  return ReportError(CommandNameIn(arguments), false, error, reporter);
}

}  // namespace dbxes::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "cli/commands.h"
#include "cli/options.h"

namespace dbxes {
namespace {

ExitCode ReportError(const std::string& command, bool dry_run, const Error& error,
                     Reporter& reporter) {
  RunSummary summary;
  summary.command = command;
  summary.dry_run = dry_run;
  summary.exit_code = ExitCodeFor(error);
  summary.message = error.ToLine();
  reporter.Summary(summary);
  return summary.exit_code;
}

ReportOptions OptionsOf(const CommandLine& line) {
  return {.json = line.output.json,
          .quiet = line.output.quiet,
          .verbose = line.output.verbose,
          .summary_on_stderr = line.output_file == "-" || line.auth.print};
}

void AddLine(const CommandLine& line, Config& config) {
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
ExitCode RunLook(const CommandLine& line, const ProgramContext& context, Reporter& reporter) {
  if (line.command == CommandId::kConfig && line.positionals[0] == "import") {
    return RunConfigImport(line.positionals[1], line.output_file, line.output, context.sources,
                           reporter);
  }
  LoadedConfig loaded = InspectConfig(line.load, context.sources);
  if (line.command == CommandId::kConfig) return RunConfigShow(loaded, line.output, reporter);
  AddLine(line, loaded.config);
  return context.check(loaded, reporter);
}

ExitCode RunCommand(const CommandLine& line, const ProgramContext& context, Reporter& reporter) {
  if (line.command == CommandId::kGenerate) {
    return RunGenerate(line.positionals[0], line.positionals[1], reporter);
  }
  const bool asks_dropbox = line.remote || line.preview;
  if (line.command == CommandId::kValidateRules && !asks_dropbox) {
    return RunValidateRules(line.positionals[0], line.output, reporter);
  }
  if (line.command == CommandId::kConfig || line.command == CommandId::kCheck) {
    return RunLook(line, context, reporter);
  }
  auto loaded = LoadConfig(line.load, context.sources);
  if (!loaded) {
    return ReportError(std::string(CommandFor(line.command).name), line.dry_run, loaded.error(),
                       reporter);
  }
  for (const std::string& warning : loaded->warnings) reporter.Warn(warning);
  AddLine(line, loaded->config);
  return context.runners.at(line.command)(loaded->config, reporter);
}

// A full disk or a closed pipe must not pass for a summary that was delivered.
ExitCode CheckOutput(ExitCode code, const ReportStreams& streams) {
  errno = 0;
  const bool flushed = std::fflush(streams.out) == 0;
  if (flushed && std::ferror(streams.out) == 0) return code;
  const char* reason = errno == 0 ? "write error" : std::strerror(errno);
  fmt::print(streams.err, "dbx-es: cannot write standard output: {}\n", reason);
  return code == ExitCode::kOk ? ExitCode::kFailed : code;
}

}  // namespace

ExitCode RunProgram(std::span<const std::string> arguments, const ProgramContext& context) {
  const SystemClock clock;
  const auto line = ParseCommandLine(arguments);
  if (!line) {
    TextReporter reporter({.json = AsksForJson(arguments)}, context.streams, context.terminal,
                          clock);
    const ExitCode code = ReportError(CommandNameIn(arguments), false, line.error(), reporter);
    return CheckOutput(code, context.streams);
  }
  if (line->print) {
    fmt::print(context.streams.out, "{}", *line->print);
    return CheckOutput(ExitCode::kOk, context.streams);
  }
  TextReporter reporter(OptionsOf(*line), context.streams, context.terminal, clock);
  return CheckOutput(RunCommand(*line, context, reporter), context.streams);
}

ExitCode ReportDefect(std::span<const std::string> arguments, const ProgramContext& context,
                      const std::string& what) {
  const SystemClock clock;
  TextReporter reporter({.json = AsksForJson(arguments)}, context.streams, context.terminal, clock);
  const Error error{ErrorKind::kInternal, "internal error: " + what};
  return ReportError(CommandNameIn(arguments), false, error, reporter);
}

}  // namespace dbxes

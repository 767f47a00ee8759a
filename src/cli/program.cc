// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/run_reporters.h"
#include "report/summary.h"

namespace dbxes::cli {
namespace {

ExitCode ReportError(const std::string& command, bool dry_run, const Error& error,
                     report::Reporter& reporter) {
  report::RunSummary summary = report::SummaryOf(command, Fail(error));
  summary.dry_run = dry_run;
  reporter.Summary(summary);
  return summary.exit_code;
}

// Commands that inspect a configuration, which may be wrong.
ExitCode Inspect(const CommandLine& line, const ProgramContext& context,
                 report::Reporter& reporter) {
  if (line.command == CommandId::kConfig && line.values.Argument(0) == "import") {
    return RunConfigImport(line, context.sources, reporter);
  }
  const config::LoadedConfig loaded = config::InspectConfig(line.load, context.sources);
  if (line.command == CommandId::kConfig) return RunConfigShow(line, loaded, reporter);
  return context.check(line, loaded, reporter);
}

ExitCode RunCommand(const CommandLine& line, const ProgramContext& context,
                    RunReporters& reporters) {
  report::Reporter& reporter = reporters.reporter();
  const bool asks_dropbox = line.values.Has("--remote") || line.values.Has("--preview");
  if (line.command == CommandId::kValidateRules && !asks_dropbox) {
    return RunValidateRules(line, reporter);
  }
  if (line.command == CommandId::kInit) return context.init(line, context.sources, reporter);
  if (line.command == CommandId::kStatus && line.values.Has("--all")) {
    return context.status_of_all(line, context.sources, reporter);
  }
  if (line.command == CommandId::kConfig || line.command == CommandId::kCheck) {
    return Inspect(line, context, reporter);
  }
  auto loaded = config::LoadConfig(line.load, context.sources);
  const std::string command(CommandFor(line.command).name);
  const bool dry_run = line.values.Has("--dry-run");
  if (!loaded) return ReportError(command, dry_run, loaded.error(), reporter);
  // It is no run, so it is in no log.
  if (line.command == CommandId::kExtract) {
    return context.runners.at(line.command)(line, loaded->config, reporter);
  }
  if (auto ready = reporters.Configure(loaded->config); !ready) {
    return ReportError(command, dry_run, ready.error(), reporter);
  }
  for (const std::string& warning : loaded->warnings) reporter.Warn(warning);
  return context.runners.at(line.command)(line, loaded->config, reporter);
}

// A reader such as head, which has seen enough, ends other programs without a word, too.
bool HasNoReader(std::FILE* out) {
  pollfd pipe{::fileno(out), POLLOUT, 0};
  return ::poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR) != 0;
}

// After a full disk the summary was not delivered.
ExitCode CheckOutput(ExitCode code, const report::ReportStreams& streams) {
  errno = 0;
  const bool flushed = std::fflush(streams.out) == 0;
  if (flushed && std::ferror(streams.out) == 0) return code;
  const char* reason = errno == 0 ? "write error" : std::strerror(errno);
  if (HasNoReader(streams.out)) return code;
  fmt::print(streams.err, "dbx-es: cannot write standard output: {}\n", reason);
  return code == ExitCode::kOk ? ExitCode::kFailed : code;
}

}  // namespace

ExitCode RunProgram(std::span<const std::string> arguments, const ProgramContext& context) {
  SystemClock clock;
  const auto line = ParseCommandLine(arguments);
  if (!line) {
    report::TextReporter reporter({.json = AsksFor("--json", arguments)}, context.streams,
                                  context.terminal, clock);
    const ExitCode code = ReportError(CommandNameIn(arguments), AsksFor("--dry-run", arguments),
                                      line.error(), reporter);
    return CheckOutput(code, context.streams);
  }
  if (line->print) {
    const bool good = line->print_code == ExitCode::kOk;
    fmt::print(good ? context.streams.out : context.streams.err, "{}", *line->print);
    return CheckOutput(line->print_code, context.streams);
  }
  RunReporters reporters(*line, context, clock);
  const ExitCode code = RunCommand(*line, context, reporters);
  return CheckOutput(reporters.Finish(code), context.streams);
}

ExitCode ReportDefect(std::span<const std::string> arguments, const ProgramContext& context,
                      const std::string& what) {
  const SystemClock clock;
  report::TextReporter reporter({.json = AsksFor("--json", arguments)}, context.streams,
                                context.terminal, clock);
  const Error error{ErrorKind::kInternal, "internal error: " + what};
  return ReportError(CommandNameIn(arguments), false, error, reporter);
}

}  // namespace dbxes::cli

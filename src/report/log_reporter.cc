// SPDX-License-Identifier: Apache-2.0
#include "report/log_reporter.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/os/output_file.h"
#include "report/summary.h"

namespace dbxes::report {

Result<LogReporter::File> LogReporter::Open(const std::string& path) {
  auto file = OpenOutputFile(path, O_APPEND);
  if (!file) {
    return Fail(ErrorKind::kConfig,
                fmt::format("cannot open the log file {}: {}", path, file.error().message));
  }
  return File(::fdopen(file->Release(), "a"), std::fclose);
}

LogReporter::LogReporter(LogOptions options, LogOrigin origin, std::FILE* stream,
                         const Clock& clock)
    : options_(options),
      origin_(std::move(origin)),
      stream_(stream),
      clock_(clock),
      progress_(clock) {}

void LogReporter::Write(LogEvent event) {
  event.wall_micros = clock_.WallMicros();
  const std::string line =
      (options_.json ? JsonLogLine(origin_, event) : TextLogLine(origin_, event)) + "\n";
  errno = 0;
  const bool written = std::fwrite(line.data(), 1, line.size(), stream_) == line.size();
  if (std::fflush(stream_) == 0 && written) return;
  if (problem_.empty()) problem_ = errno == 0 ? "write error" : std::strerror(errno);
}

void LogReporter::Phase(std::string_view phase) {
  progress_.StartPhase(phase);
  Detail(phase);
}

void LogReporter::Progress(const Counters& counters, const Gauges& gauges) {
  progress_.Update(counters, gauges);
  if (!options_.progress) return;
  if (const auto sign = progress_.Sign(counters, gauges)) Info(*sign);
}

void LogReporter::Info(std::string_view message) {
  if (!options_.quiet) Write({.level = LogLevel::kInfo, .message = message});
}

void LogReporter::Warn(std::string_view message) {
  Write({.level = LogLevel::kWarn, .message = message});
}

void LogReporter::Detail(std::string_view message) {
  if (options_.verbose) Write({.level = LogLevel::kDebug, .message = message});
}

void LogReporter::Instruct(std::string_view line) {
  // Empty lines only structure a terminal.
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos) return;
  Write({.level = LogLevel::kInfo, .message = line.substr(begin)});
}

void LogReporter::Trouble(const Error& error, std::string_view message, bool urgent) {
  if (!urgent && !options_.verbose) return;
  const LogLevel level = urgent ? LogLevel::kWarn : LogLevel::kDebug;
  Write({.level = level, .message = message, .error = &error});
}

void LogReporter::Status(const Counters& counters, const Gauges& gauges) {
  Write({.level = LogLevel::kInfo, .message = progress_.Text(counters, gauges)});
}

void LogReporter::Summary(const RunSummary& summary) {
  const bool failed = summary.exit_code != ExitCode::kOk;
  if (options_.quiet && (!failed || FoundAnotherRun(summary))) return;
  for (const FailedDocument& document : summary.failures) {
    const std::string line = FailureLine(document);
    Write({.level = LogLevel::kError, .message = line, .failed = &document});
  }
  std::string message = SummaryLine(summary);
  if (message.empty()) message = fmt::format("{} failed", summary.command);
  if (const std::string textless = TextlessLine(summary); !textless.empty()) {
    message += "; " + textless;
  }
  for (const std::string& problem : SummaryReasons(summary)) message += "; " + problem;
  Write({.level = failed ? LogLevel::kError : LogLevel::kInfo,
         .message = message,
         .error = summary.error ? &*summary.error : nullptr,
         .summary = &summary});
}

}  // namespace dbxes::report

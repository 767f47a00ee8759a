// SPDX-License-Identifier: Apache-2.0
#include "report/text_reporter.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "report/summary.h"
#include "report/text.h"

namespace dbxes::report {
namespace {

constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::string_view kEraseLine = "\r\x1b[K";

// The caller finds write errors with ferror.
void Write(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

}  // namespace

TextReporter::TextReporter(ReportOptions options, ReportStreams streams, Terminal terminal,
                           const Clock& clock)
    : options_(options), streams_(streams), terminal_(std::move(terminal)), progress_(clock) {
  const bool shows =
      !options.quiet && !options.log_on_stderr && options.progress != ProgressMode::kNone;
  draws_progress_ = shows && terminal_.interactive && options.progress != ProgressMode::kPlain;
  prints_progress_ = shows && !draws_progress_;
}

TextReporter::~TextReporter() { EraseProgress(); }

void TextReporter::Phase(std::string_view phase) {
  progress_.StartPhase(phase);
  Detail(phase);
}

void TextReporter::Progress(const Counters& counters, const Gauges& gauges) {
  if (prints_progress_) {
    const std::optional<std::string> sign = progress_.Sign(counters, gauges);
    if (sign) PrintLine("dbx-es:", "", *sign);
  }
  // The last column stays free: some terminals wrap when it is filled.
  const std::size_t width = draws_progress_ ? terminal_.width() : 0;
  const std::size_t columns = width > 1 ? width - 1 : 1;
  // Also if nothing is drawn: the rates of Status() count from here.
  const std::optional<std::string> line = progress_.Update(counters, gauges, columns);
  if (!line || !draws_progress_) return;
  Write(streams_.err, fmt::format("\r{}\x1b[K", CutToWidth(*line, columns)));
  std::fflush(streams_.err);
  progress_drawn_ = true;
}

void TextReporter::Status(const Counters& counters, const Gauges& gauges) {
  PrintLine("dbx-es:", "", progress_.Text(counters, gauges));
  std::fflush(streams_.err);
}

void TextReporter::EraseProgress() {
  if (!progress_drawn_) return;
  Write(streams_.err, kEraseLine);
  std::fflush(streams_.err);
  progress_drawn_ = false;
}

void TextReporter::PrintLine(std::string_view prefix, std::string_view color,
                             std::string_view message) {
  if (options_.log_on_stderr) return;
  EraseProgress();
  const bool painted = terminal_.color && !color.empty();
  Write(streams_.err, painted
                          ? fmt::format("{}{}{} {}\n", color, prefix, kPlain, Printable(message))
                          : fmt::format("{} {}\n", prefix, Printable(message)));
}

void TextReporter::Info(std::string_view message) {
  if (!options_.quiet) PrintLine("dbx-es:", "", message);
}

void TextReporter::Warn(std::string_view message) {
  PrintLine("dbx-es: warning:", kYellow, message);
}

void TextReporter::Detail(std::string_view message) {
  if (options_.verbose) PrintLine("dbx-es:", "", message);
}

void TextReporter::Instruct(std::string_view line) {
  if (options_.log_on_stderr) return;
  EraseProgress();
  Write(streams_.err, Printable(line) + "\n");
  std::fflush(streams_.err);
}

void TextReporter::Print(std::string_view line) {
  EraseProgress();
  Write(streams_.out, (options_.json ? SafeJson(line) : Printable(line)) + "\n");
}

void TextReporter::PrintParts(const std::vector<TextPart>& line) {
  EraseProgress();
  std::string text;
  for (const TextPart& part : line) {
    text += part.strong ? fmt::format("{}{}{}", kBold, Printable(part.text), kPlain)
                        : Printable(part.text);
  }
  Write(streams_.out, text + "\n");
}

void TextReporter::Summary(const RunSummary& summary) {
  EraseProgress();
  const bool failed = summary.exit_code != ExitCode::kOk;
  const bool silent = options_.quiet && (!failed || FoundAnotherRun(summary));
  if (EndedByReader(summary)) return;
  if (!options_.quiet) {
    for (const std::string& line : HeldBackLines(summary)) PrintLine("dbx-es:", "", line);
  }
  std::FILE* stream = options_.summary_on_stderr ? streams_.err : streams_.out;
  if (options_.json) {
    Write(streams_.out, SummaryJson(summary) + "\n");
  } else if (!summary.answer.empty()) {
    for (const std::string& line : summary.answer) Write(stream, Printable(line) + "\n");
  } else if (!options_.log_on_stderr && !silent) {
    const std::string line = SummaryLine(summary);
    if (!line.empty()) Write(stream, Printable(line) + "\n");
    const std::string textless = TextlessLine(summary);
    if (!textless.empty()) Write(stream, textless + "\n");
  }
  // Both streams often end in one mail, which must begin with the summary.
  std::fflush(streams_.out);
  if (silent) return;
  for (const std::string& line : SummaryProblems(summary)) {
    PrintLine("dbx-es:", failed ? kRed : "", line);
  }
}

}  // namespace dbxes::report

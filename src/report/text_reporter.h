// SPDX-License-Identifier: Apache-2.0
// The reporter of the command line: the summary on standard output, messages and, on a terminal, a
// progress line on standard error.
#pragma once

#include <cstdio>
#include <string_view>

#include "report/progress_line.h"
#include "report/reporter.h"
#include "report/terminal.h"

namespace dbxes::report {

struct ReportStreams {
  std::FILE* out = stdout;
  std::FILE* err = stderr;
};

struct ReportOptions {
  bool json = false;     // the summary is one JSON object, always printed
  bool quiet = false;    // no progress, no information, no summary of a success
  bool verbose = false;  // also phases and details
  ProgressMode progress = ProgressMode::kAuto;
  // The summary goes to standard error when documents go to standard output.
  bool summary_on_stderr = false;
  // Standard error is a JSON log, which has the messages and the summary.
  bool log_on_stderr = false;
};

class TextReporter final : public Reporter {
 public:
  // The caller owns the streams and the clock, and checks standard output for errors at the end
  // (ferror).
  TextReporter(ReportOptions options, ReportStreams streams, Terminal terminal, const Clock& clock);
  ~TextReporter() override;
  TextReporter(const TextReporter&) = delete;
  TextReporter& operator=(const TextReporter&) = delete;

  bool ListsChanges() const override { return options_.verbose && !options_.log_on_stderr; }
  void Changed(const Change& change) override { Detail(ChangeLine(change)); }
  void Phase(std::string_view phase) override;
  void Progress(const Counters& counters, const Gauges& gauges) override;
  void Status(const Counters& counters, const Gauges& gauges) override;
  void Info(std::string_view message) override;
  void Warn(std::string_view message) override;
  void Detail(std::string_view message) override;
  void Instruct(std::string_view line) override;
  void Print(std::string_view line) override;
  void PrintParts(const std::vector<TextPart>& line) override;
  void Summary(const RunSummary& summary) override;

 private:
  void EraseProgress();
  // A line on standard error, "PREFIX MESSAGE", with the prefix in `color` where that is allowed.
  void PrintLine(std::string_view prefix, std::string_view color, std::string_view message);

  ReportOptions options_;
  ReportStreams streams_;
  Terminal terminal_;
  ProgressLine progress_;
  bool draws_progress_ = false;   // a live line
  bool prints_progress_ = false;  // a line a minute
  bool progress_drawn_ = false;
};

}  // namespace dbxes::report

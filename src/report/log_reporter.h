// SPDX-License-Identifier: Apache-2.0
// The log of a run: messages and the summary, one line each, to a file or to standard error.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "report/log_event.h"
#include "report/progress_line.h"

namespace dbxes::report {

struct LogOptions {
  bool json = false;
  bool quiet = false;    // only warnings and errors
  bool verbose = false;  // also phases and details
  bool progress = true;  // a line a minute
};

class LogReporter final : public Reporter {
 public:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

  // Opens a file for appending; a new one has mode 0600. kConfig when that is not possible.
  static Result<File> Open(const std::string& path);

  // The caller owns the stream. Each line is written at once, so that runs can share a file.
  LogReporter(LogOptions options, LogOrigin origin, std::FILE* stream, const Clock& clock);

  // Why a line could not be written, "" if all were.
  const std::string& problem() const { return problem_; }

  bool ListsChanges() const override { return options_.verbose; }
  void Changed(const Change& change) override { Detail(ChangeLine(change)); }
  void Phase(std::string_view phase) override;
  void Progress(const Counters& counters, const Gauges& gauges) override;
  void Info(std::string_view message) override;
  void Warn(std::string_view message) override;
  void Detail(std::string_view message) override;
  void Trouble(const Error& error, std::string_view message, bool urgent) override;
  void Status(const Counters& counters, const Gauges& gauges) override;
  void Instruct(std::string_view line) override;
  void Print(std::string_view) override {}  // results are not messages
  void Summary(const RunSummary& summary) override;

 private:
  void Write(LogEvent event);

  LogOptions options_;
  LogOrigin origin_;
  std::FILE* stream_;
  const Clock& clock_;
  ProgressLine progress_;
  std::string problem_;
};

}  // namespace dbxes::report

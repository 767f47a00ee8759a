// SPDX-License-Identifier: Apache-2.0
// All that a run tells a person goes through here: the engine and the terminal never meet. Results
// go to stdout, everything else to stderr.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "report/counters.h"
#include "report/failed_document.h"

namespace dbxes::report {

struct RunSummary {
  std::string command;
  bool dry_run = false;
  ExitCode exit_code = ExitCode::kOk;
  std::optional<Error> error;  // the reason of `message`, where one error was
  bool untold = false;         // it ended well, but log or metrics do not say so: kFailed
  std::string message;         // why it did not end well, or what to do next; "" when all is well
  Milliseconds duration{0};
  Counters counters;
  std::string failures_file;             // "" when nothing failed
  std::vector<FailedDocument> failures;  // the first few
  std::vector<std::string> answer;       // of a command that is asked something, line by line
};

class Reporter {
 public:
  virtual ~Reporter() = default;
  // The phase that begins: "listing Dropbox", "deleting what is gone".
  virtual void Phase(std::string_view phase) = 0;
  // Something moved; called often, must be cheap.
  virtual void Progress(const Counters& counters, const Gauges& gauges) = 0;
  virtual void Info(std::string_view message) = 0;    // shown unless -q
  virtual void Warn(std::string_view message) = 0;    // always shown
  virtual void Detail(std::string_view message) = 0;  // shown with -v
  // `message` tells of `error` and of what is done about it: a warning where it is `urgent`, else a
  // detail.
  virtual void Trouble(const Error& error, std::string_view message, bool urgent) {
    static_cast<void>(error);
    urgent ? Warn(message) : Detail(message);
  }
  // How far the run is, for somebody who has asked: always shown.
  virtual void Status(const Counters& counters, const Gauges& gauges) {
    static_cast<void>(counters);
    static_cast<void>(gauges);
  }
  // What a person has to do for the command to go on, a line of it: shown even with -q.
  virtual void Instruct(std::string_view line) { Info(line); }
  // A line of the result of a command that has no summary, on standard output.
  virtual void Print(std::string_view line) = 0;
  virtual void Summary(const RunSummary& summary) = 0;
};

}  // namespace dbxes::report

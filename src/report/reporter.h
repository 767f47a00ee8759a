// SPDX-License-Identifier: Apache-2.0
// Everything that a command reports to the user goes through a Reporter. Results go to standard
// output, everything else to standard error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "report/change.h"
#include "report/counters.h"
#include "report/failed_document.h"

namespace dbxes::report {

struct RunSummary {
  std::string command;
  bool dry_run = false;
  ExitCode exit_code = ExitCode::kOk;
  std::optional<Error> error;  // the reason of `message`, if it was one error
  bool report_failed = false;  // it succeeded, but the log or the metrics do not show it: kFailed
  std::string message;         // why it failed, or what to do next; "" after a success
  Milliseconds duration{0};
  Counters counters;
  std::string failures_file;             // "" when nothing failed
  std::vector<FailedDocument> failures;  // the first few
  // How many documents failed in which way ("download, HTTP 403"), the most frequent first.
  std::vector<std::pair<std::string, std::uint64_t>> failure_groups;
  // Of a dry run that stops for safety: the paths of the documents that a run would delete if it
  // were allowed to, and how many there are beside these.
  std::vector<std::string> held_back;
  std::uint64_t more_held_back = 0;
  // Documents in the index when the run ended; none if the run does not know. Only for the metrics.
  std::optional<std::uint64_t> index_documents;
  std::vector<std::string> answer;  // result of a command that answers a question, line by line
};

// A part of a line. What is strong is bold on a terminal.
struct TextPart {
  std::string text;
  bool strong = false;
};

class Reporter {
 public:
  virtual ~Reporter() = default;
  // A run holds its target and begins to work; a Summary follows.
  virtual void Begin() {}
  // Whether anybody wants to know of each document that changes. If so, a run reads what the index
  // holds of these, to say what differs.
  virtual bool ListsChanges() const { return false; }
  // Only where that is wanted: a document was changed, as the engine has acknowledged, or would be
  // in a dry run; or it was left out, or has no text.
  virtual void Changed(const Change& change) { static_cast<void>(change); }
  // A phase begins: "listing Dropbox", "deleting what is gone".
  virtual void Phase(std::string_view phase) = 0;
  // Called often, must be cheap.
  virtual void Progress(const Counters& counters, const Gauges& gauges) = 0;
  virtual void Info(std::string_view message) = 0;    // shown unless -q
  virtual void Warn(std::string_view message) = 0;    // always shown
  virtual void Detail(std::string_view message) = 0;  // shown with -v
  // `message` describes `error` and what is done about it: a warning if `urgent`, else a detail.
  virtual void Trouble(const Error& error, std::string_view message, bool urgent) {
    static_cast<void>(error);
    urgent ? Warn(message) : Detail(message);
  }
  // The progress of the run, when the user asks for it: always shown.
  virtual void Status(const Counters& counters, const Gauges& gauges) {
    static_cast<void>(counters);
    static_cast<void>(gauges);
  }
  // One line of what the user has to do for the command to continue: shown even with -q.
  virtual void Instruct(std::string_view line) { Info(line); }
  // One line of the result of a command that has no summary, on standard output.
  virtual void Print(std::string_view line) = 0;
  // The same, with parts of the line in bold: the caller knows that a terminal shows it.
  virtual void PrintParts(const std::vector<TextPart>& line) {
    std::string text;
    for (const TextPart& part : line) text += part.text;
    Print(text);
  }
  virtual void Summary(const RunSummary& summary) = 0;
};

}  // namespace dbxes::report

// SPDX-License-Identifier: Apache-2.0
#include "report/summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <utility>

#include "base/json/json_write.h"
#include "report/text.h"

namespace dbxes::report {
namespace {

constexpr std::size_t kMaxPrintedFailures = 5;
// Files whose text should be in the index.
constexpr std::uint64_t Counters::*kTextless[] = {
    &Counters::content_too_large,    &Counters::content_not_text,  &Counters::content_no_text,
    &Counters::content_unreadable,   &Counters::content_encrypted, &Counters::content_parser_failed,
    &Counters::content_no_pdftotext, &Counters::content_no_ocr,    &Counters::content_refused};

bool CountedAnything(const Counters& counters) {
  return std::any_of(std::begin(kCounterTable), std::end(kCounterTable),
                     [&](const CounterRow& row) { return counters.*row.member != 0; });
}

// The others are shown only if there are any.
bool IsAlwaysShown(const CounterRow& row) {
  return row.member == &Counters::created || row.member == &Counters::updated ||
         row.member == &Counters::unchanged || row.member == &Counters::deleted;
}

// What a dry run would have done; "" for counters that it does not change.
std::string_view VerbOf(const CounterRow& row) {
  if (row.member == &Counters::created) return "create";
  if (row.member == &Counters::updated) return "update";
  return row.member == &Counters::deleted ? "delete" : "";
}

std::string NameOf(const CounterRow& row) {
  std::string name(row.name);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

// "1 created, 2 updated, 3 unchanged, 0 deleted"; of a dry run "would create 1, update 2, delete 0;
// 3 unchanged".
std::string DocumentCounts(const Counters& counters, bool dry_run) {
  std::vector<std::string> actions;
  std::vector<std::string> counts;
  for (const CounterRow& row : kCounterTable) {
    const std::uint64_t count = counters.*row.member;
    if (row.group != "documents" || (count == 0 && !IsAlwaysShown(row))) continue;
    const std::string_view verb = dry_run ? VerbOf(row) : "";
    if (verb.empty()) {
      counts.push_back(fmt::format("{} {}", WithThousands(count), NameOf(row)));
    } else {
      actions.push_back(fmt::format("{} {}", verb, WithThousands(count)));
    }
  }
  if (actions.empty()) return fmt::format("{}", fmt::join(counts, ", "));
  return fmt::format("would {}; {}", fmt::join(actions, ", "), fmt::join(counts, ", "));
}

// A run that failed half-way must not look like one that succeeded.
std::string Remark(const RunSummary& summary) {
  const bool finished = summary.report_failed || summary.exit_code == ExitCode::kOk ||
                        summary.exit_code == ExitCode::kDocumentsFailed;
  if (finished) return summary.dry_run ? " (dry run, nothing was written):" : ":";
  std::string remark = summary.exit_code == ExitCode::kSafetyStop
                           ? " stopped for safety"
                           : fmt::format(" did not finish ({})", OutcomeName(summary.exit_code));
  return remark + (summary.dry_run ? "; this was a dry run:" : ":");
}

std::string_view HelpFor(ExitCode code) {
  for (const ExitCodeRow& row : kExitCodes) {
    if (row.code == code) return row.help;
  }
  return "";
}

void WriteCounters(JsonWriter& writer, const Counters& counters) {
  std::string_view group;
  for (const CounterRow& row : kCounterTable) {
    if (row.group != group) {
      if (!group.empty()) writer.EndObject();
      group = row.group;
      WriteKey(writer, group);
      writer.StartObject();
    }
    WriteNumber(writer, row.name, counters.*row.member);
  }
  writer.EndObject();
}

void WriteFailures(JsonWriter& writer, const RunSummary& summary) {
  WriteText(writer, "failures_file", summary.failures_file);
  WriteKey(writer, "failures");
  writer.StartArray();
  const std::size_t count = std::min(summary.failures.size(), kMaxListedFailures);
  for (std::size_t i = 0; i < count; ++i) {
    const FailedDocument& failure = summary.failures[i];
    writer.StartObject();
    WriteText(writer, "id", failure.id);
    WriteText(writer, "path", failure.path);
    WriteText(writer, "operation", failure.operation);
    WriteNumber(writer, "status", failure.status);
    WriteText(writer, "reason", failure.reason);
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteHeldBack(JsonWriter& writer, const RunSummary& summary) {
  if (summary.held_back.empty()) return;
  WriteTexts(writer, "held_back", summary.held_back);
}

}  // namespace

RunSummary SummaryOf(std::string_view command, const Result<void>& outcome) {
  RunSummary summary;
  summary.command = command;
  if (outcome) return summary;
  summary.exit_code = ExitCodeFor(outcome.error());
  summary.error = outcome.error();
  summary.message = outcome.error().ToLine();
  return summary;
}

std::uint64_t TextlessCount(const Counters& counters) {
  std::uint64_t all = 0;
  for (const auto member : kTextless) all += counters.*member;
  return all;
}

std::string TextlessLine(const RunSummary& summary) {
  std::vector<std::pair<std::uint64_t, std::string_view>> groups;
  for (const CounterRow& row : kCounterTable) {
    const std::uint64_t count = summary.counters.*row.member;
    const bool textless =
        std::find(std::begin(kTextless), std::end(kTextless), row.member) != std::end(kTextless);
    if (textless && count != 0) groups.emplace_back(count, row.name);
  }
  if (groups.empty()) return "";
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& one, const auto& other) { return one.first > other.first; });
  std::string line = WithThousands(TextlessCount(summary.counters)) + " without text:";
  for (const auto& [count, name] : groups) {
    line += fmt::format("{} {} {}", line.ends_with(':') ? "" : ",", WithThousands(count), name);
  }
  return line;
}

bool OnlyLooksForWork(std::string_view command) { return command == "connector"; }

bool ReadsFeedToEnd(std::string_view command, int exit_code, const Counters& counters) {
  if (command == "acl-sync") return false;
  switch (static_cast<ExitCode>(exit_code)) {
    case ExitCode::kOk:
    case ExitCode::kDocumentsFailed:
      return true;
    case ExitCode::kSafetyStop:
      return counters.pages > 0;
    default:
      return false;
  }
}

bool FoundAnotherRun(const RunSummary& summary) {
  return summary.error && summary.error->kind == ErrorKind::kLocked;
}

bool EndedByReader(const RunSummary& summary) {
  return summary.error && summary.error->signal == SIGPIPE;
}

std::string SummaryLine(const RunSummary& summary) {
  if (summary.exit_code != ExitCode::kOk && !CountedAnything(summary.counters)) return "";
  return fmt::format("{}{} {} in {}", summary.command, Remark(summary),
                     DocumentCounts(summary.counters, summary.dry_run),
                     FormatDuration(summary.duration));
}

std::string FailureLine(const FailedDocument& failure) {
  std::string circumstance = failure.operation;
  if (failure.status != 0) circumstance += fmt::format(", HTTP {}", failure.status);
  return fmt::format("failed: {} ({}): {}", failure.path.empty() ? failure.id : failure.path,
                     circumstance, failure.reason);
}

std::vector<std::string> SummaryReasons(const RunSummary& summary) {
  std::vector<std::string> lines;
  std::string_view message = summary.message;
  if (message.empty() && summary.exit_code != ExitCode::kOk) message = HelpFor(summary.exit_code);
  while (!message.empty()) {
    const std::string_view line = message.substr(0, message.find('\n'));
    lines.emplace_back(line);
    message.remove_prefix(std::min(line.size() + 1, message.size()));
  }
  return lines;
}

std::vector<std::string> SummaryProblems(const RunSummary& summary) {
  std::vector<std::string> lines = SummaryReasons(summary);
  const std::size_t count = std::min(summary.failures.size(), kMaxPrintedFailures);
  for (std::size_t i = 0; i < count; ++i) {
    lines.push_back(FailureLine(summary.failures[i]));
  }
  // More than are named are counted by what went wrong.
  if (summary.counters.failed > count) {
    for (const auto& [group, documents] : summary.failure_groups) {
      lines.push_back(fmt::format("failed: {} ({})", CountOf(documents, "document"), group));
    }
  }
  if (!summary.failures_file.empty()) {
    lines.push_back("all failed documents: " + summary.failures_file);
  }
  return lines;
}

std::vector<std::string> HeldBackLines(const RunSummary& summary) {
  std::vector<std::string> lines;
  for (const std::string& path : summary.held_back) lines.push_back("would delete " + path);
  if (summary.more_held_back > 0) {
    lines.push_back(fmt::format("would delete {} more", WithThousands(summary.more_held_back)));
  }
  return lines;
}

std::string SummaryJson(const RunSummary& summary) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteText(writer, "command", summary.command);
  WriteText(writer, "outcome", OutcomeName(summary.exit_code));
  WriteNumber(writer, "exit_code", static_cast<int>(summary.exit_code));
  WriteNumber(writer, "duration_ms", summary.duration.count());
  WriteFlag(writer, "dry_run", summary.dry_run);
  WriteText(writer, "message", summary.message);
  WriteCounters(writer, summary.counters);
  WriteFailures(writer, summary);
  WriteHeldBack(writer, summary);
  if (!summary.answer.empty()) WriteTexts(writer, "answer", summary.answer);
  writer.EndObject();
  return SafeJson(View(buffer));
}

}  // namespace dbxes::report

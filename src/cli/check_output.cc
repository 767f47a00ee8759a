// SPDX-License-Identifier: Apache-2.0
#include "cli/check_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json/json_write.h"
#include "cli/wrap.h"
#include "report/result_json.h"
#include "report/text.h"

namespace dbxes::cli {
namespace {

using Status = check::CheckLine::Status;

std::size_t Count(const check::CheckReport& report, Status status) {
  return static_cast<std::size_t>(
      std::count_if(report.lines().begin(), report.lines().end(),
                    [status](const check::CheckLine& line) { return line.status == status; }));
}

std::string Verdict(const check::CheckReport& report) {
  const auto counted = [](std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  return fmt::format("{}, {}, {} ok", counted(Count(report, Status::kProblem), "problem"),
                     counted(Count(report, Status::kWarning), "warning"),
                     Count(report, Status::kOk));
}

void Append(std::string_view first, std::size_t indent, std::string_view text,
            std::vector<std::string>& lines) {
  std::string wrapped =
      std::string(first) + Wrap(report::Printable(text), first.size() + 1, indent);
  while (!wrapped.empty()) {
    const std::size_t end = wrapped.find('\n');
    lines.push_back(wrapped.substr(0, end));
    wrapped.erase(0, end + 1);
  }
}

// Several lines are steps.
void AppendAdvice(std::string_view advice, std::size_t indent, std::vector<std::string>& lines) {
  std::string first = std::string(indent, ' ') + "-> ";
  while (!advice.empty()) {
    const std::string_view line = advice.substr(0, advice.find('\n'));
    Append(first, indent + 3, line, lines);
    advice.remove_prefix(std::min(line.size() + 1, advice.size()));
    first.assign(indent + 3, ' ');
  }
}

}  // namespace

std::vector<std::string> CheckLines(const check::CheckReport& report, bool quiet) {
  constexpr std::size_t kIndent = 9;
  std::vector<std::string> lines;
  for (const check::CheckLine& line : report.lines()) {
    if (quiet && line.status == Status::kOk) continue;
    std::string message = line.message;
    std::replace(message.begin(), message.end(), '\n', ' ');
    Append(fmt::format("{:<{}}{}: ", ToString(line.status), kIndent, line.name), kIndent, message,
           lines);
    AppendAdvice(line.advice, kIndent, lines);
  }
  if (!quiet || report.code() != ExitCode::kOk) lines.push_back(Verdict(report));
  return lines;
}

std::string CheckJson(const check::CheckReport& report) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, "check", report.code(),
                      report.code() == ExitCode::kOk ? "" : Verdict(report));
  WriteKey(writer, "checks");
  writer.StartArray();
  for (const check::CheckLine& line : report.lines()) {
    writer.StartObject();
    WriteText(writer, "name", line.name);
    WriteText(writer, "status", ToString(line.status));
    WriteText(writer, "message", line.message);
    WriteText(writer, "advice", line.advice);
    WriteNumber(writer, "exit_code", static_cast<int>(line.code));
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace dbxes::cli

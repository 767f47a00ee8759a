// SPDX-License-Identifier: Apache-2.0
#include "check/status_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "check/age.h"
#include "report/result_json.h"
#include "report/text.h"

namespace dbxes::check {
namespace {

constexpr std::size_t kColumns = 6;
using Row = std::array<std::string, kColumns>;

std::string IndexWord(const SyncStatus& status) {
  if (!status.index) return "-";
  switch (status.index->stand) {
    case IndexStand::kNotChecked:
      return "not checked";
    case IndexStand::kNotYet:
      return "not yet";
    case IndexStand::kAsLeft:
      return "ok";
    case IndexStand::kGone:
      return "gone";
    case IndexStand::kReplaced:
      return "replaced";
    case IndexStand::kKeptElsewhere:
      return "kept elsewhere";
  }
  return "-";
}

std::string ChangesRead(const SyncStatus& status) {
  if (status.runs_unread) return "-";
  return status.feed_read ? FormatAgo(*status.feed_read, status.now) : "never";
}

std::string Waiting(const SyncStatus& status) {
  const auto number = [](std::optional<std::uint64_t> count) {
    return count ? report::WithThousands(*count) : "-";
  };
  return fmt::format("{} + {}", number(status.pending_failures), number(status.pending_deletions));
}

// What one looks for first.
std::string Now(const SyncStatus& status) {
  if (!status.problems.empty()) return "problem";
  if (status.running) return "running";
  if (!checkpoint::StandingStops(status.runs).empty()) return "stopped for safety";
  return status.lost ? "killed" : "";
}

Row RowOf(const NamedStatus& one) {
  const SyncStatus& status = one.status;
  std::string last = status.runs_unread ? "-" : "none";
  if (!status.runs.empty()) {
    const checkpoint::RunRecord& run = status.runs.front();
    last = fmt::format("{} ({})", run.command, run.exit_code);
  }
  return {one.name, IndexWord(status), ChangesRead(status), last, Waiting(status), Now(status)};
}

std::string Line(const Row& row, const std::array<std::size_t, kColumns>& widths) {
  std::string line;
  for (std::size_t i = 0; i < kColumns; ++i) {
    line += fmt::format("{:<{}}  ", row[i], widths[i]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// The texts of what one has to do something about.
std::vector<std::string> Remarks(const NamedStatus& one) {
  std::vector<std::string> remarks;
  const auto add = [&](const std::string& text) { remarks.push_back(one.name + ": " + text); };
  for (const Error& problem : one.status.problems) add(problem.ToLine());
  const IndexLook look = one.status.index.value_or(IndexLook{IndexStand::kAsLeft, "", ""});
  const bool calm = look.stand == IndexStand::kAsLeft || look.stand == IndexStand::kNotYet;
  if (!calm) add(look.advice.empty() ? look.text : look.text + ": " + look.advice);
  for (const checkpoint::RunRecord& stop : checkpoint::StandingStops(one.status.runs)) {
    add(StopLine(stop));
  }
  return remarks;
}

}  // namespace

std::vector<std::string> StatusTable(const std::vector<NamedStatus>& all) {
  std::vector<Row> rows{{"configuration", "index", "changes read", "last run (exit)",
                         "failed + pending deletions", "now"}};
  for (const NamedStatus& one : all) rows.push_back(RowOf(one));
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> lines;
  for (const Row& row : rows) lines.push_back(Line(row, widths));
  for (const NamedStatus& one : all) {
    for (std::string& remark : Remarks(one)) lines.push_back(std::move(remark));
  }
  return lines;
}

std::string StatusTableJson(std::string_view folder, const std::vector<NamedStatus>& all) {
  std::string message;
  for (const NamedStatus& one : all) {
    const std::string text = MessageOf(one.status);
    if (text.empty()) continue;
    message += fmt::format("{}{}: {}", message.empty() ? "" : "\n", one.name, text);
  }
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, "status", WorstCode(all), message);
  WriteText(writer, "folder", folder);
  WriteKey(writer, "configurations");
  writer.StartArray();
  for (const NamedStatus& one : all) {
    report::StartResult(writer, "status", CodeOf(one.status), MessageOf(one.status));
    WriteText(writer, "configuration", one.name);
    WriteStatus(writer, one.status);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

ExitCode WorstCode(const std::vector<NamedStatus>& all) {
  ExitCode worst = ExitCode::kOk;
  for (const NamedStatus& one : all) {
    const ExitCode code = CodeOf(one.status);
    if (code == ExitCode::kConfiguration) return code;
    if (code != ExitCode::kOk) worst = code;
  }
  return worst;
}

}  // namespace dbxes::check

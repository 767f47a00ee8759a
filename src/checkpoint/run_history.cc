// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/run_history.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "base/exit_code.h"
#include "base/json/json_write.h"
#include "report/summary.h"
#include "report/text.h"

namespace dbxes::checkpoint {
namespace {

constexpr unsigned kFileMode = 0600;
constexpr std::size_t kMessage = 500;

void WriteCounters(JsonWriter& writer, const report::Counters& counters) {
  writer.StartObject();
  // Most counters are zero in most runs.
  for (const report::CounterRow& row : report::kCounterTable) {
    if (counters.*row.member == 0) continue;
    WriteNumber(writer, fmt::format("{}.{}", row.group, row.name), counters.*row.member);
  }
  writer.EndObject();
}

void WriteRun(JsonWriter& writer, const RunRecord& run) {
  writer.StartObject();
  WriteText(writer, "command", run.command);
  WriteText(writer, "started_at", run.started_at);
  WriteNumber(writer, "duration_ms", run.duration_ms);
  WriteNumber(writer, "exit_code", run.exit_code);
  WriteText(writer, "message", run.message);
  if (!run.stopped_since.empty()) WriteText(writer, "stopped_since", run.stopped_since);
  if (!run.feed_read_at.empty()) WriteText(writer, "feed_read_at", run.feed_read_at);
  WriteKey(writer, "counters");
  WriteCounters(writer, run.counters);
  writer.EndObject();
}

bool IsStop(const RunRecord& run) {
  return run.exit_code == static_cast<int>(ExitCode::kSafetyStop);
}

bool OfOneKind(const RunRecord& one, const RunRecord& other) {
  return (one.command == "acl-sync") == (other.command == "acl-sync");
}

// Everything was done except perhaps for some documents.
bool IsWhole(const RunRecord& run) {
  return run.exit_code == static_cast<int>(ExitCode::kOk) ||
         run.exit_code == static_cast<int>(ExitCode::kDocumentsFailed);
}

bool ReadFeed(const RunRecord& run) {
  return report::ReadsFeedToEnd(run.command, run.exit_code, run.counters);
}

// `earlier`: the runs before, the newest first.
std::string FeedReadAt(const RunRecord& run, const std::vector<RunRecord>& earlier) {
  if (ReadFeed(run)) return run.started_at;
  if (!earlier.empty() && !earlier.front().feed_read_at.empty()) {
    return earlier.front().feed_read_at;
  }
  // Of a version that did not note it.
  const auto last = std::find_if(earlier.begin(), earlier.end(), ReadFeed);
  return last == earlier.end() ? "" : last->started_at;
}

std::string StoppedSince(const RunRecord& run, const std::vector<RunRecord>& earlier) {
  if (IsWhole(run)) return "";
  const auto last = std::find_if(earlier.begin(), earlier.end(),
                                 [&](const RunRecord& one) { return OfOneKind(one, run); });
  const std::string before = last == earlier.end() ? "" : last->stopped_since;
  return IsStop(run) && before.empty() ? run.started_at : before;
}

// Finds a counter by a name such as "documents.created"; null if this version does not know it.
const report::CounterRow* FindCounter(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return nullptr;
  for (const report::CounterRow& row : report::kCounterTable) {
    if (row.group == name.substr(0, dot) && row.name == name.substr(dot + 1)) return &row;
  }
  return nullptr;
}

RunRecord ReadRun(const rapidjson::Value& value) {
  RunRecord run;
  run.command = StringMember(value, "command");
  run.started_at = StringMember(value, "started_at");
  run.duration_ms = static_cast<std::int64_t>(UintMember(value, "duration_ms").value_or(0));
  run.exit_code = static_cast<int>(UintMember(value, "exit_code").value_or(0));
  run.message = StringMember(value, "message");
  run.stopped_since = StringMember(value, "stopped_since");
  run.feed_read_at = StringMember(value, "feed_read_at");
  const rapidjson::Value* counters = FindMember(value, "counters");
  if (counters == nullptr || !counters->IsObject()) return run;
  for (const auto& member : counters->GetObject()) {
    const report::CounterRow* row = FindCounter(View(member.name));
    if (row != nullptr && member.value.IsUint64()) {
      run.counters.*row->member = member.value.GetUint64();
    }
  }
  return run;
}

}  // namespace

std::vector<RunRecord> StandingStops(const std::vector<RunRecord>& newest_first) {
  std::vector<RunRecord> stops;
  std::vector<RunRecord> seen;
  for (const RunRecord& run : newest_first) {
    const auto same = [&](const RunRecord& one) { return OfOneKind(one, run); };
    if (std::any_of(seen.begin(), seen.end(), same)) continue;
    seen.push_back(run);
    if (run.stopped_since.empty()) continue;
    const auto stop =
        std::find_if(newest_first.begin(), newest_first.end(),
                     [&](const RunRecord& one) { return IsStop(one) && OfOneKind(one, run); });
    stops.push_back(run);
    stops.back().message = stop == newest_first.end() ? "" : stop->message;
  }
  return stops;
}

RunRecord RecordOf(const report::RunSummary& summary, std::int64_t started_micros) {
  return {summary.command,
          FormatUtc(started_micros),
          summary.duration.count(),
          static_cast<int>(summary.exit_code),
          report::CutToWidth(report::WellFormedUtf8(summary.message), kMessage),
          summary.counters};
}

RunHistory::RunHistory(DurableFiles& files, const std::string& base)
    : files_(files), path_(base + ".runs.json") {}

Result<std::vector<RunRecord>> RunHistory::Load() const {
  auto text = files_.ReadFile(path_);
  if (!text && text.error().kind == ErrorKind::kNotFound) return std::vector<RunRecord>{};
  if (!text) {
    Error error = std::move(text.error());
    error.kind = ErrorKind::kConfig;
    return Fail(std::move(error));
  }
  const auto json = ParseJson(*text, path_);
  const rapidjson::Value* runs = json && json->IsObject() ? FindMember(*json, "runs") : nullptr;
  if (runs == nullptr || !runs->IsArray()) {
    return Fail(
        ErrorKind::kConfig,
        fmt::format("the record of past runs, {}, is damaged; the next run starts a new one",
                    path_));
  }
  std::vector<RunRecord> records;
  for (const rapidjson::Value& run : runs->GetArray()) {
    if (run.IsObject()) records.push_back(ReadRun(run));
  }
  return records;
}

Result<void> RunHistory::Add(const RunRecord& run) {
  const auto earlier = Load();
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteText(writer, "format", "dbx-es runs");
  WriteNumber(writer, "version", 1);
  WriteKey(writer, "runs");
  writer.StartArray();
  RunRecord newest = run;
  const std::vector<RunRecord> before = earlier ? *earlier : std::vector<RunRecord>{};
  newest.stopped_since = StoppedSince(run, before);
  newest.feed_read_at = FeedReadAt(run, before);
  WriteRun(writer, newest);
  const std::size_t count = earlier ? std::min(earlier->size(), kMost - 1) : 0;
  for (std::size_t i = 0; i < count; ++i) WriteRun(writer, (*earlier)[i]);
  writer.EndArray();
  writer.EndObject();
  return files_.ReplaceFile(path_, report::SafeJson(View(buffer)) + "\n", kFileMode);
}

}  // namespace dbxes::checkpoint

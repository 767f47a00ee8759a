// SPDX-License-Identifier: Apache-2.0
#include "connector/due.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "base/json/json_text.h"
#include "connector/protocol_time.h"
#include "connector/schedule.h"

namespace dbxes::connector {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t kSecond = 1'000'000;
// Identities first: documents name them.
constexpr JobType kTypes[] = {JobType::kAccessControl, JobType::kFull, JobType::kIncremental};
// Most schedules come within one of these, so that few of their times are visited.
constexpr seconds kWindows[] = {minutes(1), hours(1), hours(24), hours(24 * 32), hours(24 * 366)};

std::string_view LastScheduledMember(JobType type) {
  switch (type) {
    case JobType::kFull:
      return "last_sync_scheduled_at";
    case JobType::kIncremental:
      return "last_incremental_sync_scheduled_at";
    case JobType::kAccessControl:
      return "last_access_control_sync_scheduled_at";
  }
  return "";
}

std::optional<std::int64_t> TimeMember(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value* value = FindMember(object, key);
  return value == nullptr ? std::nullopt : ReadTime(*value);
}

UtcSeconds SecondsOf(std::int64_t micros) {
  return UtcSeconds(std::chrono::floor<seconds>(std::chrono::microseconds(micros)));
}

std::int64_t MicrosOf(UtcSeconds time) { return time.time_since_epoch().count() * kSecond; }

// The latest time of a schedule after `since` that is not after `now`.
std::optional<UtcSeconds> LatestIn(const Schedule& schedule, UtcSeconds since, UtcSeconds now) {
  const auto passed = [&](UtcSeconds after) {
    auto next = schedule.NextAfter(after);
    return next && *next <= now ? next : std::nullopt;
  };
  UtcSeconds from = since;
  for (const seconds window : kWindows) {
    if (now - window > since && passed(now - window)) {
      from = now - window;
      break;
    }
  }
  std::optional<UtcSeconds> latest;
  for (auto next = passed(from); next; next = passed(*next)) latest = next;
  return latest;
}

const rapidjson::Value* ScheduleOf(const rapidjson::Value& connector, JobType type) {
  return FindPath(connector, {"scheduling", NameOf(type)});
}

// What `connector run` noted of a schedule.
const rapidjson::Value* NoteOf(const rapidjson::Value& connector, JobType type) {
  return FindPath(connector, {"dbx_es", "schedules", NameOf(type)});
}

// Since when a schedule counts: after its last sync, and not before it was first seen. A time that
// is ahead of the clock must not stop it for ever.
UtcSeconds SinceOf(const rapidjson::Value& connector, JobType type, std::int64_t micros) {
  std::int64_t since = TimeMember(*NoteOf(connector, type), "since").value_or(micros);
  const auto last = TimeMember(connector, LastScheduledMember(type));
  if (last && *last <= micros) since = std::max(since, *last);
  return SecondsOf(since);
}

bool IsWatched(const rapidjson::Value& connector, JobType type, std::string_view interval,
               std::int64_t micros) {
  const rapidjson::Value* note = NoteOf(connector, type);
  if (note == nullptr || StringMember(*note, "interval") != interval) return false;
  return TimeMember(*note, "since").value_or(micros + 1) <= micros;
}

std::optional<EnabledSchedule> LookAt(const rapidjson::Value& connector, JobType type,
                                      bool access_lists, std::int64_t micros) {
  const rapidjson::Value* schedule = ScheduleOf(connector, type);
  if (schedule == nullptr || !BoolMember(*schedule, "enabled", false)) return std::nullopt;
  const std::string interval(StringMember(*schedule, "interval"));
  EnabledSchedule enabled{.type = type};
  if (type == JobType::kAccessControl && !access_lists) {
    enabled.problem = "dropbox.use_document_level_security is off";
    return enabled;
  }
  const auto parsed = Schedule::Parse(interval);
  if (!parsed) {
    enabled.problem = parsed.error().message;
    return enabled;
  }
  if (const auto next = parsed->NextAfter(SecondsOf(micros))) enabled.next = MicrosOf(*next);
  enabled.watched = IsWatched(connector, type, interval, micros);
  if (!enabled.watched) return enabled;
  const auto latest = LatestIn(*parsed, SinceOf(connector, type, micros), SecondsOf(micros));
  if (latest) enabled.due = MicrosOf(*latest);
  return enabled;
}

// The schedules that count, and those that ceased to: enabling one again causes no sync at once.
std::string NotesFor(const rapidjson::Value& connector,
                     const std::vector<EnabledSchedule>& schedules, std::int64_t micros) {
  std::string notes;
  for (const JobType type : kTypes) {
    const auto found = std::find_if(schedules.begin(), schedules.end(), [&](const auto& schedule) {
      return schedule.type == type && schedule.problem.empty();
    });
    const bool counts = found != schedules.end();
    if (counts ? found->watched : NoteOf(connector, type) == nullptr) continue;
    const std::string_view interval =
        counts ? StringMember(*ScheduleOf(connector, type), "interval") : std::string_view();
    if (!notes.empty()) notes += ',';
    notes += counts ? fmt::format(R"("{}":{{"interval":{},"since":"{}"}})", NameOf(type),
                                  JsonString(interval), FormatTime(micros))
                    : fmt::format(R"("{}":null)", NameOf(type));
  }
  return notes;
}

}  // namespace

std::vector<EnabledSchedule> EnabledSchedules(const rapidjson::Value& connector, bool access_lists,
                                              std::int64_t micros) {
  std::vector<EnabledSchedule> schedules;
  for (const JobType type : kTypes) {
    if (auto found = LookAt(connector, type, access_lists, micros)) {
      schedules.push_back(*std::move(found));
    }
  }
  return schedules;
}

ScheduleLook LookAtSchedules(const rapidjson::Value& connector, bool access_lists,
                             std::int64_t micros) {
  const auto schedules = EnabledSchedules(connector, access_lists, micros);
  ScheduleLook look;
  std::string members;
  bool full = false;
  for (const EnabledSchedule& schedule : schedules) {
    if (!schedule.due) continue;
    members +=
        fmt::format(R"("{}":"{}",)", LastScheduledMember(schedule.type), FormatTime(*schedule.due));
    // A full sync does the work of an incremental one.
    if (schedule.type == JobType::kIncremental && full) continue;
    full = full || schedule.type == JobType::kFull;
    look.due.push_back({schedule.type, *schedule.due});
  }
  const std::string notes = NotesFor(connector, schedules, micros);
  if (!notes.empty()) members += fmt::format(R"("dbx_es":{{"schedules":{{{}}}}},)", notes);
  if (!members.empty()) members.pop_back();
  look.changes = "{" + members + "}";
  return look;
}

}  // namespace dbxes::connector

// SPDX-License-Identifier: Apache-2.0
// The team's event log ("Dropbox HTTP API: team_log/get_events"): events are unordered and may
// repeat, and cursors expire soon.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "dropbox_sim/pager.h"
#include "dropbox_sim/service.h"
#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

constexpr std::string_view kEvents = "team_log/get_events";

// What a cursor stores of its first call. Times are texts in one format that sorts by time.
struct Filter {
  std::string account_id;
  std::string start;  // inclusive
  std::string end;    // exclusive
  std::string category;
  std::string type;

  std::string Subject(std::uint64_t generation) const {
    return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", generation, account_id, start, end, category,
                       type);
  }
  static Filter FromSubject(std::string_view subject, std::string* generation) {
    Filter filter;
    for (std::string* part : {generation, &filter.account_id, &filter.start, &filter.end,
                              &filter.category, &filter.type}) {
      const std::size_t end = std::min(subject.find('\n'), subject.size());
      *part = subject.substr(0, end);
      subject.remove_prefix(std::min(end + 1, subject.size()));
    }
    return filter;
  }
  bool Wants(const TeamEvent& event) const {
    const std::string time = FormatTime(event.time_s);
    return (account_id.empty() || event.account_id == account_id) && time >= start &&
           (end.empty() || time < end) && (category.empty() || event.category == category) &&
           (type.empty() || event.type == type);
  }
};

bool IsTime(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
  return text.size() == kShape.size() &&
         std::equal(text.begin(), text.end(), kShape.begin(), [](char c, char shape) {
           return shape == '0' ? std::isdigit(static_cast<unsigned char>(c)) != 0 : c == shape;
         });
}

bool IsCategory(std::string_view tag) {
  static constexpr std::array<std::string_view, 27> kCategories = {"admin_alerting",
                                                                   "apps",
                                                                   "comments",
                                                                   "dash",
                                                                   "data_governance",
                                                                   "devices",
                                                                   "domains",
                                                                   "encryption",
                                                                   "file_operations",
                                                                   "file_requests",
                                                                   "groups",
                                                                   "logins",
                                                                   "members",
                                                                   "paper",
                                                                   "passwords",
                                                                   "protect",
                                                                   "reports",
                                                                   "sharing",
                                                                   "showcase",
                                                                   "signatures",
                                                                   "sso",
                                                                   "team_folders",
                                                                   "team_policies",
                                                                   "team_profile",
                                                                   "tfa",
                                                                   "trusted_teams",
                                                                   "other"};
  return std::count(kCategories.begin(), kCategories.end(), tag) > 0;
}

std::vector<const TeamEvent*> Chosen(const Service& service, const Filter& filter) {
  std::vector<const TeamEvent*> events;
  for (const TeamEvent& event : service.tree.events().events()) {
    if (filter.Wants(event)) events.push_back(&event);
  }
  return events;
}

// TeamMemberLogInfo, into an object that is open already.
void WritePerson(JsonOut* json, const Account& account) {
  json->Field("account_id", account.account_id)
      .Field("display_name", account.display_name())
      .Field("email", account.email)
      .FieldOptional("team_member_id", account.team_member_id);
}

void WriteAssets(JsonOut* json, const Tree& tree, const std::string& namespace_id) {
  const std::uint32_t ns = tree.items().FindNamespace(namespace_id);
  json->Key("assets").BeginArray();
  if (ns != 0) {
    json->BeginObject().Field(".tag", "folder").Field("display_name", tree.items().ns(ns).name);
    json->Key("path").BeginObject().Key("namespace_relative").BeginObject();
    json->Field("ns_id", namespace_id)
        .Field("relative_path", "/")
        .FieldBool("is_shared_namespace", true)
        .EndObject()
        .EndObject();
    json->FieldOptional("file_id", tree.items().ns(ns).folder_id).EndObject();
  }
  json->EndArray();
}

void WriteEvent(JsonOut* json, const Tree& tree, const TeamEvent& event) {
  json->BeginObject()
      .FieldTime("timestamp", event.time_s)
      .FieldTag("event_category", event.category);
  if (const Account* account = tree.people().FindAccount(event.account_id)) {
    json->Key("actor").BeginObject().Field(".tag", "admin").Key("admin").BeginObject();
    WritePerson(&json->Field(".tag", "team_member"), *account);
    json->EndObject().EndUnion();
    WritePerson(&json->Key("context").BeginObject().Field(".tag", "team_member"), *account);
    json->EndObject();
  }
  json->FieldBool("involve_non_team_member", false);
  WriteAssets(json, tree, event.namespace_id);
  json->Key("event_type").BeginObject().Field(".tag", event.type);
  std::string description = event.type;
  std::replace(description.begin(), description.end(), '_', ' ');
  json->Field("description", description).EndObject();
  json->Key("details").Raw(fmt::format(R"({{".tag":"{}_details"{}{}}})", event.type,
                                       event.details.empty() ? "" : ",", event.details));
  json->EndObject();
}

Reply EventsPage(Service& service, const Call& call, const Filter& filter, PagerState state) {
  const Style& style = service.options.style;
  const std::vector<const TeamEvent*> events = Chosen(service, filter);
  const PageBounds page = NextBounds(service, call, std::move(state), events.size());
  std::vector<const TeamEvent*> sent(events.begin() + static_cast<std::ptrdiff_t>(page.begin),
                                     events.begin() + static_cast<std::ptrdiff_t>(page.end));
  const bool again = style.repeat_entries && page.begin > 0 && page.end > page.begin;
  if (again) sent.push_back(events[page.begin - 1]);
  if (style.shuffle_listing) std::reverse(sent.begin(), sent.end());
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Key("events").BeginArray();
  for (const TeamEvent* event : sent) WriteEvent(&json, service.tree, *event);
  json.EndArray();
  WriteTeamCursor(&json, service, page);
  json.EndObject();
  return service.Ok(std::move(out));
}

// The time from which a client whose cursor was reset has to ask again.
std::string ResumeTime(const Service& service, const Filter& filter, std::uint64_t offset) {
  const std::vector<const TeamEvent*> events = Chosen(service, filter);
  const std::size_t seen = std::min<std::size_t>(offset, events.size());
  if (seen > 0) return FormatTime(events[seen - 1]->time_s);
  return filter.start.empty() ? FormatTime(0) : filter.start;
}

}  // namespace

Reply TeamEvents(Service& service, Call& call) {
  Filter filter;
  filter.account_id = StringField(call.args, "account_id");
  if (const rapidjson::Value* time = ObjectField(call.args, "time")) {
    filter.start = StringField(*time, "start_time");
    filter.end = StringField(*time, "end_time");
  }
  for (const std::string* time : {&filter.start, &filter.end}) {
    if (!time->empty() && !IsTime(*time)) {
      return service.BadRequest(
          call,
          fmt::format("time: time data '{}' does not match format '%Y-%m-%dT%H:%M:%SZ'", *time));
    }
  }
  if (call.args.HasMember("category")) filter.category = TagOf(call.args["category"]);
  if (call.args.HasMember("event_type")) filter.type = TagOf(call.args["event_type"]);
  if (!filter.category.empty() && !IsCategory(filter.category))
    return service.BadRequest(call, fmt::format("category: invalid tag '{}'", filter.category));
  if (!filter.category.empty() && !filter.type.empty())
    return service.EndpointError(call, "invalid_filters");
  if (!filter.end.empty() && filter.start > filter.end)
    return service.EndpointError(call, "invalid_time_range");
  if (!filter.account_id.empty() && service.tree.people().FindAccount(filter.account_id) == nullptr)
    return service.EndpointError(call, "account_id_not_found");
  return EventsPage(service, call, filter,
                    {std::string(kEvents), filter.Subject(service.event_generation),
                     UintField(call.args, "limit", 1000), 0, 0});
}

Reply TeamEventsContinue(Service& service, Call& call) {
  std::optional<PagerState> state = DecodePager(service, StringField(call.args, "cursor"), kEvents);
  if (!state) return service.EndpointError(call, "bad_cursor");
  std::string generation;
  const Filter filter = Filter::FromSubject(state->subject, &generation);
  if (generation != std::to_string(service.event_generation)) {
    return service.JsonError(call, 409, "reset",
                             fmt::format(R"({{".tag":"reset","reset":"{}"}})",
                                         ResumeTime(service, filter, state->offset)));
  }
  return EventsPage(service, call, filter, std::move(*state));
}

}  // namespace dbxes::sim

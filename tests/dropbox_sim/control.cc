// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/control.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "dropbox_sim/arguments.h"
#include "dropbox_sim/control_tree.h"
#include "dropbox_sim/json_out.h"
#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

using rapidjson::Value;

constexpr std::string_view kPrefix = "/control/";
const Style kPlain;

Response Answer(int status, std::string body, std::string type = "application/json") {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", std::move(type));
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

Response Wrong(std::string_view sentence) {
  std::string out;
  JsonOut(&out, kPlain, 0).BeginObject().Field("error", sentence).EndObject();
  return Answer(400, out + "\n");
}

void WriteLive(JsonOut* json, const LiveItem& item) {
  json->BeginObject()
      .Field("type", item.kind == Kind::kFile ? "file" : "folder")
      .Field("id", item.id)
      .Field("name", item.name);
  json->Field("path_lower", item.path_lower)
      .Field("path_display", item.path_display)
      .Field("rev", item.rev);
  json->FieldUint("size", item.size).Field("content_hash", item.content_hash);
  json->Field("client_modified", item.client_modified)
      .Field("server_modified", item.server_modified);
  json->Field("namespace_id", item.namespace_id).Field("shared_folder_id", item.shared_folder_id);
  json->Field("parent_shared_folder_id", item.parent_shared_folder_id)
      .FieldBool("is_downloadable", item.is_downloadable);
  json->FieldBool("has_explicit_members", item.has_explicit_members)
      .FieldBool("received", item.received)
      .EndObject();
}

// Without an account: the primary account's home. With one: everything that it sees in its root.
Response SnapshotAnswer(Simulator& simulator, const std::string& account_id) {
  const Tree& tree = simulator.tree();
  const Account* account = tree.people().FindAccount(account_id);
  if (account == nullptr && !account_id.empty()) return Wrong("no such account");
  const auto in_tree = account != nullptr ? tree.Snapshot(*account) : tree.Snapshot();
  std::string out;
  for (const auto& items : {in_tree, tree.ReceivedSnapshot()}) {
    for (const LiveItem& item : items) {
      std::string line;
      JsonOut writer(&line, kPlain, 0);
      WriteLive(&writer, item);
      out += line + "\n";
    }
  }
  return Answer(200, std::move(out), "application/x-ndjson");
}

Response ContentAnswer(Simulator& simulator, const std::string& path) {
  for (const auto& items : {simulator.tree().Snapshot(), simulator.tree().ReceivedSnapshot()}) {
    for (const LiveItem& item : items) {
      const bool meant =
          item.id == path || (!item.path_lower.empty() && item.path_lower == LowerPath(path));
      if (meant && item.content)
        return Answer(200, item.content->Bytes(), "application/octet-stream");
    }
  }
  return Wrong("no such file");
}

Response CountersAnswer(Simulator& simulator) {
  std::string out;
  JsonOut json(&out, kPlain, 0);
  json.BeginObject();
  for (const auto& [route, count] : simulator.books().counters()) json.FieldUint(route, count);
  json.EndObject();
  return Answer(200, out + "\n");
}

Response RequestsAnswer(Simulator& simulator) {
  std::string out;
  for (const LoggedRequest& request : simulator.books().requests()) {
    std::string line;
    JsonOut json(&line, kPlain, 0);
    json.BeginObject()
        .Key("time_ms")
        .Int(request.time_ms)
        .Field("route", request.route)
        .Field("argument", request.argument);
    json.FieldUint("status", static_cast<std::uint64_t>(request.status))
        .Field("error", request.error)
        .Field("caller", request.caller);
    json.FieldBool("fault", request.fault).Key("headers").BeginObject();
    for (const auto& [name, value] : request.headers) json.Field(name, value);
    json.EndObject().EndObject();
    out += line + "\n";
  }
  return Answer(200, std::move(out), "application/x-ndjson");
}

Response ViolationsAnswer(Simulator& simulator) {
  std::string out;
  JsonOut json(&out, kPlain, 0);
  json.BeginArray();
  for (const std::string& violation : simulator.Violations()) json.String(violation);
  json.EndArray();
  return Answer(200, out + "\n");
}

void WriteMemberList(JsonOut* json, const std::vector<Member>& members) {
  static constexpr std::string_view kKinds[] = {"user", "group", "invitee"};
  json->BeginArray();
  for (const Member& member : members) {
    json->BeginObject()
        .Field("kind", kKinds[static_cast<std::size_t>(member.kind)])
        .Field("id", member.id);
    json->Field("access", member.access).FieldBool("inherited", member.inherited).EndObject();
  }
  json->EndArray();
}

// What each person may read of everything that the primary account lists.
Response ReadersAnswer(Simulator& simulator, bool links) {
  const Tree& tree = simulator.tree();
  std::vector<LiveItem> items = tree.Snapshot(tree.people().primary());
  for (LiveItem& item : tree.ReceivedSnapshot()) items.push_back(std::move(item));
  std::string out;
  JsonOut json(&out, kPlain, 0);
  json.BeginObject();
  for (const Account& account : tree.people().accounts()) {
    json.Key(account.email).BeginArray();
    for (const LiveItem& item : items) {
      const bool reads = tree.rights().CanRead(account, item) ||
                         (links && tree.rights().CanReadByLink(account, item));
      if (reads) json.String(item.id);
    }
    json.EndArray();
  }
  json.EndObject();
  return Answer(200, out + "\n");
}

Response PeopleAnswer(Simulator& simulator) {
  const Tree& tree = simulator.tree();
  std::string out;
  JsonOut json(&out, kPlain, 0);
  json.BeginObject().Key("accounts").BeginArray();
  for (const Account& account : tree.people().accounts()) {
    json.BeginObject()
        .Field("account_id", account.account_id)
        .Field("team_member_id", account.team_member_id);
    json.Field("email", account.email)
        .Field("display_name", account.display_name())
        .Field("status", account.status);
    json.Field("home_namespace_id", tree.items().ns(account.home).id)
        .Field("root_namespace_id", tree.items().ns(account.root).id)
        .EndObject();
  }
  json.EndArray().Key("groups").BeginArray();
  for (const Group& group : tree.people().groups()) {
    json.BeginObject()
        .Field("group_id", group.group_id)
        .Field("name", group.name)
        .Key("account_ids")
        .BeginArray();
    for (const std::string& id : group.account_ids) json.String(id);
    json.EndArray().EndObject();
  }
  json.EndArray().Key("shared_folders").BeginObject();
  for (std::uint32_t ns = 1; ns < tree.items().namespace_count(); ++ns) {
    const std::vector<Member> members = tree.folders().EffectiveMembers(ns);
    if (members.empty()) continue;
    WriteMemberList(&json.Key(tree.items().ns(ns).id), members);
  }
  json.EndObject().Key("files").BeginObject();
  for (const LiveItem& item : tree.Snapshot()) {
    const auto* members =
        item.kind == Kind::kFile ? tree.shares().explicit_members(item.id) : nullptr;
    if (members != nullptr) WriteMemberList(&json.Key(item.id), *members);
  }
  json.EndObject().EndObject();
  return Answer(200, out + "\n");
}

double NumberField(const Value& args, const char* name, double otherwise) {
  const auto found = args.FindMember(name);
  return found != args.MemberEnd() && found->value.IsNumber() ? found->value.GetDouble()
                                                              : otherwise;
}

std::optional<TransportFault> TransportOf(const Value& args) {
  using Kind = TransportFault::Kind;
  static const std::map<std::string_view, Kind> kKinds = {
      {"reset_before_headers", Kind::kResetBeforeHeaders},
      {"reset_after_headers", Kind::kResetAfterHeaders},
      {"reset_in_body", Kind::kResetInBody},
      {"cut_body", Kind::kCutBody},
      {"short_chunked", Kind::kShortChunked},
      {"chunked", Kind::kChunked},
      {"stall_before_headers", Kind::kStallBeforeHeaders},
      {"stall_in_body", Kind::kStallInBody},
      {"slow_body", Kind::kSlowBody},
      {"close_after", Kind::kCloseAfter}};
  const auto found = kKinds.find(StringField(args, "kind"));
  if (found == kKinds.end()) return std::nullopt;
  return TransportFault{found->second, UintField(args, "at_byte", 0),
                        static_cast<std::int64_t>(UintField(args, "delay_ms", 0)),
                        UintField(args, "bytes_per_second", 0)};
}

std::optional<Fault> FaultOf(const Value& args) {
  using Kind = Fault::Kind;
  static const std::map<std::string_view, Kind> kKinds = {
      {"status", Kind::kStatus},
      {"html", Kind::kStatus},
      {"rate_limit", Kind::kRateLimit},
      {"expired_token", Kind::kExpiredToken},
      {"endpoint_error", Kind::kEndpointError},
      {"half_json", Kind::kHalfJson},
      {"html_as_json", Kind::kHtmlAsJson},
      {"unknown_tag", Kind::kUnknownTag},
      {"repeat_cursor", Kind::kRepeatCursor},
      {"empty_page", Kind::kEmptyPage},
      {"repeat_page", Kind::kRepeatPage},
      {"cursors_in_turn", Kind::kCursorsInTurn}};
  const std::string route(StringField(args, "route", "*"));
  const auto kind = kKinds.find(StringField(args, "kind"));
  const std::optional<TransportFault> transport = TransportOf(args);
  if (kind == kKinds.end() && !transport) return std::nullopt;
  const int status = static_cast<int>(UintField(args, "status", 500));
  Fault fault;
  if (transport)
    fault = Fault::Transport(route, *transport);
  else if (kind->first == "html")
    fault = Fault::Html(route, status);
  else
    fault = Fault::Simple(route, kind->second);
  fault.argument = StringField(args, "argument");
  fault.skip = UintField(args, "skip", 0);
  fault.times = UintField(args, "times", 1);
  fault.every = std::max<std::uint64_t>(1, UintField(args, "every", 1));
  fault.probability = NumberField(args, "probability", 1.0);
  fault.status = status;
  if (args.HasMember("body")) fault.body = StringField(args, "body");
  if (args.HasMember("content_type")) fault.content_type = StringField(args, "content_type");
  fault.tag = StringField(args, "tag", "other");
  if (args.HasMember("header_wait_s"))
    fault.header_wait_s = static_cast<std::int64_t>(UintField(args, "header_wait_s", 0));
  if (args.HasMember("body_wait_s"))
    fault.body_wait_s = static_cast<std::int64_t>(UintField(args, "body_wait_s", 0));
  fault.text_body = BoolField(args, "text_body", false);
  fault.rate_limit_reason = StringField(args, "reason", fault.rate_limit_reason);
  fault.after_effects = BoolField(args, "after_effects", false);
  return fault;
}

// Nothing if the arguments are invalid.
std::optional<RateLimit> RateLimitOf(const Value& args) {
  using WaitIn = RateLimit::WaitIn;
  static const std::map<std::string_view, WaitIn> kWaitIn = {
      {"both", WaitIn::kBoth},   {"header", WaitIn::kHeader},
      {"body", WaitIn::kBody},   {"neither", WaitIn::kNeither},
      {"mixed", WaitIn::kMixed}, {"disagreeing", WaitIn::kDisagreeing}};
  RateLimit limit;
  limit.calls_per_s = NumberField(args, "calls_per_s", limit.calls_per_s);
  limit.burst = NumberField(args, "burst", limit.burst);
  limit.clock_factor = NumberField(args, "clock_factor", limit.clock_factor);
  limit.route = StringField(args, "route", limit.route);
  limit.min_wait_s = static_cast<std::int64_t>(UintField(args, "min_wait_s", 1));
  limit.max_wait_s = static_cast<std::int64_t>(UintField(args, "max_wait_s", 300));
  limit.text_body = BoolField(args, "text_body", false);
  const auto wait_in = kWaitIn.find(StringField(args, "wait_in", "both"));
  if (wait_in == kWaitIn.end() || limit.clock_factor <= 0 || limit.burst < 1) return std::nullopt;
  limit.wait_in = wait_in->second;
  return limit;
}

// Orders about tokens; false if there is no such order.
bool OrderTokens(Simulator& simulator, std::string_view name, const Value& args) {
  Tokens& tokens = simulator.tokens();
  if (name == "tokens/expire")
    tokens.ExpireAll();
  else if (name == "tokens/revoke")
    tokens.RevokeRefreshToken();
  else if (name == "tokens/scopes")
    tokens.SetScopes(0, StringField(args, "scopes"));
  else if (name == "tokens/deny")
    tokens.options().deny = BoolField(args, "deny", true);
  else if (name == "tokens/code-life")
    tokens.options().code_life_s = static_cast<std::int64_t>(UintField(args, "life_s", 600));
  else if (name == "tokens/life") {
    tokens.options().expires_in_s =
        static_cast<std::int64_t>(UintField(args, "expires_in_s", 14400));
    if (args.HasMember("true_life_s"))
      tokens.options().true_life_s = static_cast<std::int64_t>(UintField(args, "true_life_s", 0));
  } else {
    return false;
  }
  return true;
}

Response Order(Simulator& simulator, std::string_view name, const Value& args) {
  if (name.substr(0, 5) == "tree/") {
    const std::optional<std::string> id = ChangeTree(&simulator.tree(), name.substr(5), args);
    if (!id) return Wrong(fmt::format("no such change: {}", name));
    std::string out;
    JsonOut(&out, kPlain, 0).BeginObject().Field("id", *id).EndObject();
    return Answer(200, out + "\n");
  }
  if (name == "faults") {
    const std::optional<Fault> fault = FaultOf(args);
    if (!fault) return Wrong("the fault needs a known 'kind'");
    simulator.Inject(*fault);
  } else if (name == "rate-limit") {
    const std::optional<RateLimit> limit = RateLimitOf(args);
    if (!limit) return Wrong("'wait_in', 'burst' or 'clock_factor' makes no sense");
    simulator.SetRateLimit(*limit);
  } else if (name == "faults/clear") {
    simulator.faults().Clear();
  } else if (name == "cursors/reset") {
    simulator.ResetCursors();
  } else if (name == "search/freeze") {
    simulator.FreezeSearch();
  } else if (name == "search/thaw") {
    simulator.ThawSearch();
  } else if (name == "books/reset") {
    simulator.books().Reset();
  } else if (name == "books/keep-requests") {
    simulator.books().set_keep_requests(BoolField(args, "keep", true));
  } else if (name == "run/begin") {
    simulator.BeginRun();
  } else if (!OrderTokens(simulator, name, args)) {
    return Wrong(fmt::format("no such call: {}", name));
  }
  return Answer(200, "{}\n");
}

Response Question(Simulator& simulator, std::string_view name,
                  const std::map<std::string, std::string>& query) {
  if (name == "snapshot") {
    const auto account = query.find("account_id");
    return SnapshotAnswer(simulator, account != query.end() ? account->second : "");
  }
  if (name == "counters") return CountersAnswer(simulator);
  if (name == "requests") return RequestsAnswer(simulator);
  if (name == "violations") return ViolationsAnswer(simulator);
  if (name == "people") return PeopleAnswer(simulator);
  if (name == "readers") return ReadersAnswer(simulator, query.count("links") != 0);
  if (name == "content" && query.count("path") != 0)
    return ContentAnswer(simulator, query.at("path"));
  return Wrong(fmt::format("no such question: {}", name));
}

}  // namespace

bool IsControl(const Request& request) {
  return request.target.compare(0, kPrefix.size(), kPrefix) == 0;
}

Response HandleControl(Simulator* simulator, const Request& request) {
  const std::string_view target = std::string_view(request.target).substr(kPrefix.size());
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string_view name = target.substr(0, mark);
  if (request.method == "GET") {
    return Question(*simulator, name,
                    ParseForm(mark < target.size() ? target.substr(mark + 1) : std::string_view()));
  }
  rapidjson::Document args;
  args.Parse(request.body.empty() ? "{}" : request.body.c_str());
  if (args.HasParseError() || !args.IsObject()) return Wrong("the body is no JSON object");
  try {
    return Order(*simulator, name, args);
  } catch (const TreeError& error) {
    return Wrong(error.what());
  }
}

}  // namespace dbxes::sim

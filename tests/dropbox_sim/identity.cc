// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::string PlainType(const std::string* header) {
  return header == nullptr ? std::string() : header->substr(0, header->find(';'));
}

// Checks the token, its kind and its scope.
std::optional<Reply> Identify(Service& service, Call* call, const Request& request) {
  const std::string* authorization = FindHeader(request.headers, "Authorization");
  if (call->route->auth == RouteAuth::kNone) {
    if (authorization == nullptr) return std::nullopt;
    return service.BadRequest(*call, "This API function does not take an Authorization header.");
  }
  if (call->route->auth == RouteAuth::kApp) {
    if (service.tokens.CheckApp(call->basic)) return std::nullopt;
    return service.BadRequest(*call,
                              "Invalid authorization value in HTTP header \"Authorization\".");
  }
  if (authorization == nullptr) {
    return service.BadRequest(
        *call, "Must provide HTTP header \"Authorization\" or URL parameter \"authorization\".");
  }
  if (call->bearer.empty())
    return service.BadRequest(*call,
                              "Invalid authorization value in HTTP header \"Authorization\".");
  const Tokens::Check check = service.tokens.CheckBearer(call->bearer, call->now_ms);
  if (!check.error.empty())
    return service.JsonError(*call, 401, check.error, TagPathJson(check.error));
  call->grant = check.grant;
  call->grant_index = check.grant_index;
  call->token = check.token;
  const bool team_route = call->route->auth == RouteAuth::kTeam;
  if (team_route && !check.grant->team) {
    return service.BadRequest(
        *call,
        "This API function operates on a team, but the OAuth 2 access token you "
        "provided is for an individual user.");
  }
  const std::string scope(call->route->scope);
  if (scope.empty() || check.token->scopes.count(scope) != 0) return std::nullopt;
  return service.JsonError(
      *call, 401, "missing_scope",
      fmt::format(R"({{".tag":"missing_scope","required_scope":"{}"}})", scope));
}

// Every call with a valid token counts, even if something else is wrong with it.
std::optional<Reply> Throttle(Service& service, Call* call, const Request&) {
  if (call->grant == nullptr) return std::nullopt;
  const std::optional<AnnouncedWait> wait =
      service.limiter.Count(call->caller, call->route->name, call->now_ms, Mix(call->salt));
  if (!wait) return std::nullopt;
  return service.RateLimited(*call, *wait, "too_many_requests");
}

std::optional<Reply> ChooseMember(Service& service, Call* call, const Request& request) {
  if (call->grant == nullptr) return std::nullopt;
  const std::string* user = FindHeader(request.headers, "Dropbox-API-Select-User");
  const std::string* admin = FindHeader(request.headers, "Dropbox-API-Select-Admin");
  const std::string* root = FindHeader(request.headers, "Dropbox-API-Path-Root");
  call->account = service.tree.people().FindAccount(call->grant->account_id);
  call->binding = fmt::format("grant {}", call->grant_index);
  if (call->route->auth == RouteAuth::kTeam) {
    if (user == nullptr && admin == nullptr && root == nullptr) return std::nullopt;
    return service.BadRequest(*call,
                              "Select and Path-Root headers are not allowed for team routes.");
  }
  if (user != nullptr && admin != nullptr) {
    return service.BadRequest(
        *call, "Only one of Dropbox-API-Select-User and Dropbox-API-Select-Admin may be given.");
  }
  if (!call->grant->team) {
    if (user == nullptr && admin == nullptr) return std::nullopt;
    return service.BadRequest(*call, "Select headers need an access token of a team.");
  }
  if (user == nullptr && admin == nullptr) {
    return service.BadRequest(
        *call,
        "This API function operates on a single Dropbox account, but the OAuth 2 access token you "
        "provided is for an entire Dropbox Business team.  Since your API app key has team member "
        "file "
        "access permissions, you can operate on a team member's Dropbox by providing the "
        "\"Dropbox-API-Select-User\" HTTP header or \"select_user\" URL parameter to specify the "
        "exact user.");
  }
  if (admin != nullptr && call->route->select_admin.empty()) {
    return service.BadRequest(*call,
                              "This API function does not support Dropbox-API-Select-Admin.");
  }
  if (call->token->scopes.count("team_data.member") == 0) {
    return service.JsonError(*call, 401, "missing_scope",
                             R"({".tag":"missing_scope","required_scope":"team_data.member"})");
  }
  const std::string& id = user != nullptr ? *user : *admin;
  const Account* account =
      StartsWith(id, "dbmid:") ? service.tree.people().FindAccount(id) : nullptr;
  const bool known = account != nullptr && account->same_team &&
                     (account->status == "active" || account->status == "suspended");
  const std::string_view wrong = user != nullptr ? "invalid_select_user" : "invalid_select_admin";
  if (!known || (admin != nullptr && !account->admin))
    return service.JsonError(*call, 401, wrong, TagPathJson(wrong));
  if (account->status == "suspended")
    return service.JsonError(*call, 401, "user_suspended", TagPathJson("user_suspended"));
  call->account = account;
  call->as_admin = admin != nullptr;
  call->binding += (admin != nullptr ? " admin " : " user ") + id;
  return std::nullopt;
}

std::optional<Reply> ChooseRoot(Service& service, Call* call, const Request& request) {
  if (call->account == nullptr) return std::nullopt;
  call->root = call->account->home;
  const std::string* header = FindHeader(request.headers, "Dropbox-API-Path-Root");
  if (header == nullptr) return std::nullopt;
  if (service.tokens.options().app_folder)
    return service.BadRequest(*call, "Path root is not supported for sandbox app.");
  rapidjson::Document json;
  json.Parse(header->c_str());
  if (json.HasParseError() || TagOf(json).empty())
    return service.BadRequest(*call, "Invalid Dropbox-API-Path-Root header.");
  const std::string tag(TagOf(json));
  if (tag != "home" && tag != "root" && tag != "namespace_id")
    return service.BadRequest(*call, "Invalid Dropbox-API-Path-Root header.");
  call->binding += " root " + *header;
  if (tag == "home") return std::nullopt;
  const std::uint32_t ns =
      json.IsObject() ? service.tree.items().FindNamespace(StringField(json, tag.c_str())) : 0;
  if (tag == "root" && ns != call->account->root) {
    const Account& account = *call->account;
    std::string info = fmt::format(
        R"({{".tag":"{}","root_namespace_id":"{}","home_namespace_id":"{}"{}}})",
        account.root_info_tag, service.tree.items().ns(account.root).id,
        service.tree.items().ns(account.home).id,
        account.home_path.empty() ? "" : fmt::format(R"(,"home_path":"{}")", account.home_path));
    return service.JsonError(*call, 422, "invalid_root",
                             fmt::format(R"({{".tag":"invalid_root","invalid_root":{}}})", info));
  }
  if (!service.MayRead(*call, ns))
    return service.JsonError(*call, 422, "no_permission", TagPathJson("no_permission"));
  call->root = ns;
  return std::nullopt;
}

std::optional<Reply> ReadHeaderArgument(Service& service, Call* call, const Request& request) {
  const std::string type = PlainType(FindHeader(request.headers, "Content-Type"));
  const bool allowed = type.empty() || type == "application/octet-stream" || type == "text/plain";
  if (!allowed) {
    return service.BadRequest(
        *call, fmt::format("Bad HTTP \"Content-Type\" header: \"{}\".  Expecting one "
                           "of \"application/octet-stream\", "
                           "\"text/plain; charset=utf-8\", \"text/plain\".",
                           type));
  }
  if (!request.body.empty())
    return service.BadRequest(
        *call,
        "This API function takes its argument in the Dropbox-API-Arg header and no request body.");
  if (FindHeader(request.headers, "Dropbox-API-Arg") == nullptr) {
    return service.BadRequest(
        *call, "Must provide HTTP header \"Dropbox-API-Arg\" or URL parameter \"arg\".");
  }
  const bool raw = std::any_of(call->argument.begin(), call->argument.end(),
                               [](unsigned char c) { return c > 0x7E || c < 0x20; });
  if (raw)
    return service.BadRequest(*call,
                              "HTTP header \"Dropbox-API-Arg\": could not decode input as JSON");
  return ParseArgument(service, call);
}

std::optional<Reply> ReadArgument(Service& service, Call* call, const Request& request) {
  const bool download = call->route->style == RouteStyle::kDownload;
  const bool method_ok = request.method == "POST" || (download && request.method == "GET");
  if (!method_ok) {
    Reply reply = service.BadRequest(*call, fmt::format("Unexpected method {}.", request.method));
    reply.status = 405;
    return reply;
  }
  if (download) return ReadHeaderArgument(service, call, request);
  const std::string* header = FindHeader(request.headers, "Content-Type");
  const std::string type = PlainType(header);
  const bool is_void = call->route->fields == nullptr;
  if (is_void && header == nullptr && request.body.empty()) return std::nullopt;
  if (type != "application/json" && type != "text/plain; charset=dropbox-cors-hack") {
    return service.BadRequest(
        *call,
        fmt::format(
            "Bad HTTP \"Content-Type\" header: \"{}\".  Expecting one of \"application/json\", "
            "\"application/json; charset=utf-8\", \"text/plain; charset=dropbox-cors-hack\".",
            type));
  }
  return ParseArgument(service, call);
}

}  // namespace

std::optional<Reply> ParseArgument(const Service& service, Call* call) {
  call->args.Parse<rapidjson::kParseValidateEncodingFlag>(call->argument.data(),
                                                          call->argument.size());
  if (call->args.HasParseError())
    return service.BadRequest(*call, "request body: could not decode input as JSON");
  if (call->route->fields == nullptr) {
    if (call->args.IsNull()) return std::nullopt;
    return service.BadRequest(*call, "request body: expected null, got value");
  }
  const std::string wrong = CheckFields(call->args, *call->route->fields);
  if (wrong.empty()) return std::nullopt;
  return service.BadRequest(*call, "request body: " + wrong);
}

Reply Authorized(Service& service, Call* call, const Request& request) {
  for (const auto step : {Identify, Throttle, ReadArgument, ChooseMember, ChooseRoot}) {
    if (std::optional<Reply> refused = step(service, call, request)) return std::move(*refused);
  }
  return call->route->handler(service, *call);
}

}  // namespace dbxes::sim

// SPDX-License-Identifier: Apache-2.0
// The way of a request: books, faults, identity, argument, route, books again.

#include "dropbox_sim/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dropbox_sim/gzip.h"
#include "dropbox_sim/identity.h"
#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

std::string_view PathOf(std::string_view target) { return target.substr(0, target.find('?')); }

std::map<std::string, std::string> QueryOf(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::map<std::string, std::string>()
                                        : ParseForm(target.substr(mark + 1));
}

std::string RouteName(std::string_view target) {
  const std::string_view path = PathOf(target);
  return std::string(path.substr(0, 3) == "/2/"
                         ? path.substr(3)
                         : path.substr(std::min<std::size_t>(1, path.size())));
}

Headers WithoutSecrets(const Headers& headers) {
  Headers clean;
  for (const auto& [name, value] : headers) {
    const bool secret = EqualsIgnoreCase(name, "Authorization");
    clean.emplace_back(name, secret ? value.substr(0, value.find(' ')) + " <redacted>" : value);
  }
  return clean;
}

std::string LoggedForm(std::map<std::string, std::string> form) {
  std::string out;
  for (const auto& [key, value] : form) {
    const bool secret =
        key == "client_secret" || key == "refresh_token" || key == "code" || key == "code_verifier";
    out += (out.empty() ? "" : "&") + key + "=" + (secret ? "<redacted>" : value);
  }
  return out;
}

std::shared_ptr<const std::string> Shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

std::string DecodeBasic(const Headers& headers) {
  const std::string* value = FindHeader(headers, "Authorization");
  if (value == nullptr || value->compare(0, 6, "Basic ") != 0) return "";
  return DecodeBase64(value->substr(6)).value_or("");
}

}  // namespace

const std::string* FindHeader(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (EqualsIgnoreCase(key, name)) return &value;
  }
  return nullptr;
}

std::string TagPathJson(std::string_view tags) {
  const std::size_t slash = tags.find('/');
  const std::string_view tag = tags.substr(0, slash);
  if (slash == std::string_view::npos) return fmt::format(R"({{".tag":"{}"}})", tag);
  return fmt::format(R"({{".tag":"{0}","{0}":{1}}})", tag, TagPathJson(tags.substr(slash + 1)));
}

Service::Service(Options options_in, ClockFn clock_in)
    : options(std::move(options_in)),
      clock(std::move(clock_in)),
      tree(options.seed, clock),
      tokens(
          [this] {
            TokenOptions token_options = options.tokens;
            token_options.long_tokens = token_options.long_tokens || options.style.long_tokens;
            return token_options;
          }(),
          options.seed, tree.people().primary().account_id),
      faults(options.seed),
      limiter(options.rate_limit),
      listings(tree, options.style, options.seed, options.page_cache_bytes,
               options.default_page_size),
      random(options.seed) {}

std::string Service::Dots(const Call& call) const {
  return options.style.random_dots ? std::string(Mix(call.salt) % 4, '.') : "";
}

Reply Service::Ok(std::string json) const {
  Reply reply;
  reply.body = Shared(std::move(json));
  return reply;
}

Reply Service::BadRequest(const Call& call, std::string_view text) const {
  Reply reply;
  reply.status = 400;
  reply.content_type = "text/plain; charset=utf-8";
  const std::string_view name = call.route != nullptr ? call.route->name : "?";
  reply.body = Shared(fmt::format("Error in call to API function \"{}\": {}", name, text));
  return reply;
}

Reply Service::JsonError(const Call& call, int status, std::string_view summary,
                         std::string_view error) const {
  Reply reply;
  reply.status = status;
  reply.error = summary;
  std::string out;
  JsonOut json = Json(&out, call);
  json.BeginObject()
      .Field("error_summary", fmt::format("{}/{}", summary, Dots(call)))
      .Key("error")
      .Raw(error)
      .EndObject();
  reply.body = Shared(std::move(out));
  return reply;
}

Reply Service::EndpointError(const Call& call, std::string_view tags) const {
  return JsonError(call, 409, tags, TagPathJson(tags));
}

Reply Service::RateLimited(const Call& call, const AnnouncedWait& wait, std::string_view reason) {
  books.PromisedWait(call.caller, call.now_ms, call.now_ms + 1000 * wait.Promised());
  const std::string error =
      fmt::format(R"({{"reason":{}{}}})", TagPathJson(reason),
                  wait.body_s ? fmt::format(R"(,"retry_after":{})", *wait.body_s) : "");
  Reply reply = JsonError(call, 429, reason, error);
  if (wait.text_body) {
    reply.content_type = "text/plain; charset=utf-8";
    reply.body = Shared("Your app is making too many requests.");
  }
  if (wait.header_s) reply.headers.emplace_back("Retry-After", std::to_string(*wait.header_s));
  return reply;
}

bool Service::MayRead(const Call& call, std::uint32_t ns) const {
  if (ns == 0 || call.account == nullptr) return false;
  const Namespace& space = tree.items().ns(ns);
  const bool outsider = space.type == NamespaceType::kSharedFolder &&
                        tree.people().FindAccount(space.owner) != nullptr &&
                        !tree.people().FindAccount(space.owner)->same_team;
  return tree.rights().CanRead(*call.account, ns) || (call.as_admin && !outsider);
}

Space Service::SpaceOf(const Call& call, std::uint32_t ns) const {
  for (Space& space : VisibleSpaces(tree, *call.account, call.root, true)) {
    if (space.ns == ns) return std::move(space);
  }
  Space space = MakeSpace(tree, *call.account, ns, "", "");
  space.has_path = false;
  return space;
}

std::string MalformedPath(std::string_view path, bool root_allowed, bool rev_allowed) {
  if (path.empty()) return root_allowed ? "" : "path: The root folder is unsupported.";
  if (path == "/") return "path: Specify the root folder as an empty string rather than as \"/\".";
  if (path.substr(0, 3) == "id:") return path.size() >= 4 ? "" : "path: did not match pattern";
  if (path.substr(0, 4) == "rev:")
    return rev_allowed && path.size() >= 13 ? "" : "path: did not match pattern";
  const bool by_namespace = path.substr(0, 3) == "ns:";
  if (by_namespace && path.find('/') == std::string_view::npos) return "";
  if (!by_namespace && path.front() != '/')
    return fmt::format(
        "path: '{}' did not match pattern '(/(.|[\\r\\n])*)?|id:.*|(ns:[0-9]+(/.*)?)'", path);
  if (path.back() == '/') return "path: must not end in a slash";
  return IsUtf8(path) ? "" : "path: not UTF-8";
}

Service::Found Service::Lookup(const Call& call, std::string_view path) const {
  Found found;
  std::uint32_t root = call.root;
  if (path.substr(0, 3) == "id:" || path.substr(0, 4) == "rev:") {
    found.item = path[0] == 'i' ? tree.items().FindById(path)
                                : tree.items().FindByRev(ParseRev(path.substr(4)));
    if (found.item == nullptr || !MayRead(call, found.item->ns)) {
      found.item = nullptr;
      found.error = "not_found";
      return found;
    }
    found.space = SpaceOf(call, found.item->ns);
    return found;
  }
  const bool by_namespace = path.substr(0, 3) == "ns:";
  if (by_namespace) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    root = tree.items().FindNamespace(path.substr(3, slash - 3));
    path = path.substr(slash);
    if (!MayRead(call, root)) {
      found.error = "not_found";
      return found;
    }
  }
  // Paths are compared without regard to case, but in composed form only.
  std::string lower;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t start = at;
    NextCodePoint(path, &at);
    lower += LowerPath(path.substr(start, at - start));
  }
  const Place place = tree.items().Resolve(root, lower, call.account);
  found.item = tree.items().Find(place.ns, place.path);
  if (found.item == nullptr || tree.items().IsForeignHome(found.item->mount, *call.account)) {
    found.item = nullptr;
    found.error = "not_found";
    return found;
  }
  found.space = SpaceOf(call, found.item->ns);
  return found;
}

std::optional<Reply> Service::Strike(const Fault& fault, Call* call) {
  switch (fault.kind) {
    case Fault::Kind::kStatus: {
      if (fault.after_effects) return std::nullopt;
      Reply reply;
      reply.status = fault.status;
      reply.content_type = fault.content_type;
      reply.headers = fault.headers;
      reply.body = Shared(fault.body);
      reply.error = fault.tag;
      return reply;
    }
    case Fault::Kind::kExpiredToken:
      tokens.ExpireAll();
      if (call->token != nullptr) call->token->refused = true;
      return JsonError(*call, 401, "expired_access_token", TagPathJson("expired_access_token"));
    case Fault::Kind::kRateLimit:
      return RateLimited(*call, {fault.header_wait_s, fault.body_wait_s, fault.text_body},
                         fault.rate_limit_reason);
    case Fault::Kind::kEndpointError:
      return EndpointError(*call, fault.tag);
    default:
      return std::nullopt;
  }
}

namespace {

// A page of an edge server or a proxy. It says nothing of the next request.
bool IsForeign(const Reply& reply) {
  return reply.status >= 400 && reply.body != nullptr && reply.body->starts_with('<');
}

constexpr std::string_view kCursorMember = "\"cursor\":\"";

// Of a page as it is rendered.
std::string CursorOf(const std::string& page) {
  const std::size_t begin = page.find(kCursorMember) + kCursorMember.size();
  return page.substr(begin, page.find('"', begin) - begin);
}

// The page with another cursor, as if there were more.
std::string Redirected(std::string page, const std::string& cursor) {
  if (page.find(kCursorMember) == std::string::npos) return page;
  const std::size_t begin = page.find(kCursorMember) + kCursorMember.size();
  page.replace(begin, page.find('"', begin) - begin, cursor);
  const std::size_t last = page.find("\"has_more\":false");
  if (last != std::string::npos) page.replace(last, 16, "\"has_more\":true");
  return page;
}

}  // namespace

void Service::Spoil(const Fault& fault, Call* call, Reply* reply) {
  if (fault.kind == Fault::Kind::kStatus) {  // carried out, but the answer is lost
    reply->status = fault.status;
    reply->content_type = fault.content_type;
    reply->body = Shared(fault.body);
    reply->api_result.clear();
  }
  if (reply->status != 200) return;
  const bool has_cursor = call->args.IsObject() && call->args.HasMember("cursor");
  const std::string cursor(has_cursor ? StringField(call->args, "cursor") : std::string_view());
  if (fault.kind == Fault::Kind::kHalfJson)
    reply->body = Shared(reply->body->substr(0, reply->body->size() / 2));
  if (fault.kind == Fault::Kind::kHtmlAsJson)
    reply->body = Shared("<!DOCTYPE html><html><body>Be right back.</body></html>");
  if (fault.kind == Fault::Kind::kUnknownTag) {
    std::string text = *reply->body;
    const std::size_t list = text.find("\"entries\":[");
    if (list == std::string::npos) return;
    const bool empty = text[list + 11] == ']';
    text.insert(list + 11,
                std::string(R"({".tag":"hologram","name":"x","path_lower":"/x","depth":3})") +
                    (empty ? "" : ","));
    reply->body = Shared(std::move(text));
  }
  if (fault.kind == Fault::Kind::kRepeatCursor && has_cursor) {
    reply->body = Shared(fmt::format(R"({{"entries":[],"cursor":"{}","has_more":true}})", cursor));
  }
  if (fault.kind == Fault::Kind::kEmptyPage && has_cursor) {
    if (const auto state = listings.Decode(cursor))
      reply->body = Shared(listings.EmptyPage(*state));
  }
  if (fault.kind == Fault::Kind::kRepeatPage && has_cursor) {
    reply->body = Shared(Redirected(*reply->body, cursor));
  }
  if (fault.kind == Fault::Kind::kCursorsInTurn && has_cursor) {
    constexpr std::uint64_t kTurns = 100;  // of hops, which no style reaches
    auto state = listings.Decode(cursor);
    if (!state) return;
    state->hop = state->hop == kTurns ? kTurns : kTurns - 1;
    reply->body = Shared(Redirected(*reply->body, CursorOf(listings.EmptyPage(*state))));
  }
}

Response Service::Finished(const Call& call, Reply reply, const std::optional<Fault>& fault) {
  Response response;
  response.status = reply.status;
  response.headers = std::move(reply.headers);
  const bool with_charset = options.style.json_charset && call.salt % 2 == 0 &&
                            std::string_view(reply.content_type) == "application/json";
  if (with_charset) reply.content_type += "; charset=utf-8";
  if (!reply.content_type.empty())
    response.headers.emplace_back("Content-Type", reply.content_type);
  if (!reply.api_result.empty())
    response.headers.emplace_back("Dropbox-API-Result", std::move(reply.api_result));
  response.headers.emplace_back("X-Dropbox-Request-Id",
                                fmt::format("{:016x}{:016x}", Mix(call.salt), Mix(call.salt + 1)));
  if (options.style.lower_case_headers && call.salt % 2 == 1) {
    for (auto& [name, value] : response.headers) {
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return std::tolower(c); });
    }
  }
  response.body = reply.body != nullptr ? std::move(reply.body) : Shared("");
  if (options.style.gzip && reply.content_type.find("application/json") == 0)
    Compress(call, &response);
  if (fault && fault->kind == Fault::Kind::kTransport)
    response.fault = fault->transport;
  else if (reply.transport.kind != TransportFault::Kind::kNone) {
    response.fault = reply.transport;
    response.waits_for_news = true;
  } else if (options.style.chunked && call.salt % 3 == 0)
    response.fault.kind = TransportFault::Kind::kChunked;
  return response;
}

void Service::Compress(const Call& call, Response* response) const {
  const std::string* accepted = FindHeader(call.request->headers, "Accept-Encoding");
  const bool spared = call.salt % 4 == 3;  // a client must be able to see the difference
  if (accepted == nullptr || !AcceptsGzip(*accepted) || response->body->empty() || spared) return;
  response->body = Shared(Gzip(*response->body));
  response->headers.emplace_back("Content-Encoding", "gzip");
  response->headers.emplace_back("Vary", "Accept-Encoding");
}

Reply Service::FormRoute(Call* call, const Request& request) {
  const std::string* type = FindHeader(request.headers, "Content-Type");
  const bool is_form = type != nullptr && type->find("application/x-www-form-urlencoded") == 0;
  Reply reply;
  if (request.method != "POST" || !is_form) {
    reply.status = 400;
    reply.body =
        Shared(R"({"error": "invalid_request", "error_description": "expected a POST of a form"})");
    return reply;
  }
  std::map<std::string, std::string> form = QueryOf(request.target);
  form.merge(ParseForm(request.body));
  Tokens::FormReply answer = tokens.Exchange(form, call->basic, call->now_ms);
  if (!answer.violation.empty()) books.Violation("oauth2/token: " + answer.violation);
  reply.status = answer.status;
  reply.body = Shared(std::move(answer.body));
  return reply;
}

Reply Service::AuthorizePage(const Request& request) {
  const std::map<std::string, std::string> query = QueryOf(request.target);
  const Tokens::AuthorizeReply answer = tokens.Authorize(query, clock());
  Reply reply;
  reply.content_type = "text/html; charset=utf-8";
  if (!answer.error.empty()) {
    reply.status = 400;
    reply.body = Shared(fmt::format("<html><body>{}</body></html>", answer.error));
    return reply;
  }
  const auto redirect = query.find("redirect_uri");
  if (redirect == query.end() || redirect->second.empty()) {
    reply.body = Shared(answer.code.empty()
                            ? "<html><body>You denied access.</body></html>\n"
                            : fmt::format("<html><body>Enter this code into your app:<br><input "
                                          "readonly value=\"{}\"></body></html>\n",
                                          answer.code));
    return reply;
  }
  const auto state = query.find("state");
  const char joint = redirect->second.find('?') == std::string::npos ? '?' : '&';
  std::string location = redirect->second + joint;
  if (answer.code.empty()) {
    location +=
        "error=access_denied&error_description=The+user+chose+not+to+give+your+app+access+to+their+"
        "Dropbox+account.";
  } else {
    location += "code=" + answer.code;
  }
  if (state != query.end()) location += "&state=" + state->second;
  reply.status = 302;
  reply.headers.emplace_back("Location", std::move(location));
  return reply;
}

Reply Service::Dispatch(Call* call, const Request& request, bool* known) {
  *known = true;
  const std::string_view path = PathOf(request.target);
  const Role role = request.role;
  if (path == "/oauth2/token" && (role == Role::kApi || role == Role::kAny))
    return FormRoute(call, request);
  if (path == "/oauth2/authorize" && (role == Role::kWeb || role == Role::kAny))
    return AuthorizePage(request);
  const bool right_host =
      call->route != nullptr && (role == Role::kAny || role == call->route->role);
  if (!right_host) {
    *known = false;
    Reply reply;
    reply.status = 404;
    reply.content_type = "text/plain; charset=utf-8";
    reply.body = Shared("Not found");
    return reply;
  }
  return Authorized(*this, call, request);
}

// The checks of a request that need no state.
Call Service::Received(const Request& request, std::uint64_t number) const {
  Call call;
  call.request = &request;
  call.now_ms = clock();
  call.salt = Mix(options.seed * 7919 + number);
  call.basic = DecodeBasic(request.headers);
  const std::string name = RouteName(request.target);
  call.route = FindRoute(name);
  const std::string* header_argument = FindHeader(request.headers, "Dropbox-API-Arg");
  call.argument = header_argument != nullptr ? *header_argument : request.body;
  const std::string* bearer = FindHeader(request.headers, "Authorization");
  if (bearer == nullptr || bearer->compare(0, 7, "Bearer ") != 0) {
    call.caller = call.route == nullptr ? name : "no token";
    return call;
  }
  call.bearer = bearer->substr(7);
  call.caller = tokens.CallerOf(call.bearer);
  const std::string* member = FindHeader(request.headers, "Dropbox-API-Select-User");
  const std::string* admin = FindHeader(request.headers, "Dropbox-API-Select-Admin");
  if (member != nullptr) call.caller += " as " + *member;
  if (admin != nullptr) call.caller += " as admin " + *admin;
  return call;
}

Response Service::Handle(const Request& request) {
  Call call = Received(request, ++requests);
  LoggedRequest entry;
  entry.time_ms = call.now_ms;
  entry.route = RouteName(request.target);
  entry.headers = WithoutSecrets(request.headers);
  entry.argument =
      entry.route == "oauth2/token" ? LoggedForm(ParseForm(request.body)) : call.argument;
  entry.caller = call.caller;
  const bool has_query = request.target.find('?') != std::string::npos;
  books.Asked(request, entry, call.now_ms, options.wait_grace_ms,
              has_query ? tokens.Secrets() : std::vector<std::string>());
  books.CheckRetry(entry, tree.items().version());
  if (IsWriteRoute(entry.route)) books.Violation(entry.route + ": a route that writes");

  const std::optional<Fault> fault = faults.Next(entry.route, call.argument);
  std::optional<Reply> reply = fault ? Strike(*fault, &call) : std::nullopt;
  bool known = true;
  if (!reply) {
    reply = Dispatch(&call, request, &known);
    if (fault) Spoil(*fault, &call, &*reply);
  }
  entry.status = reply->status;
  entry.error = IsForeign(*reply) ? kForeignError : reply->error;
  entry.fault = fault.has_value();
  books.Answered(std::move(entry), tree.items().version());
  Response response = Finished(call, std::move(*reply), fault);
  response.ticket = requests;
  return response;
}

std::optional<Response> Service::Wake(const Request& request, std::uint64_t ticket) {
  Call call = Received(request, ticket);
  if (call.route == nullptr || ParseArgument(*this, &call).has_value()) return std::nullopt;
  Reply reply = Longpoll(*this, call);
  if (reply.transport.kind != TransportFault::Kind::kNone) return std::nullopt;
  Response response = Finished(call, std::move(reply), std::nullopt);
  response.ticket = ticket;
  return response;
}

}  // namespace dbxes::sim

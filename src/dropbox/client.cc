// SPDX-License-Identifier: Apache-2.0
#include "dropbox/client.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "base/json/json.h"
#include "base/json/json_text.h"
#include "base/random.h"
#include "config/transport.h"
#include "dropbox/api_error.h"
#include "dropbox/route_error.h"
#include "dropbox/rpc.h"
#include "dropbox/sender_policy.h"

namespace dbxes::dropbox {
namespace {

// Long enough for any error; the files themselves go to the sink.
constexpr std::size_t kMaxErrorBytes = std::size_t{1} << 20;

// Bounds of answers, by kind: a page of 2,000 entries with long paths that are escaped, and the
// other routes, whose longest list has 1,000 items.
constexpr std::size_t kMostOfListing = std::size_t{128} << 20;
constexpr std::size_t kMostOfOthers = std::size_t{32} << 20;

std::size_t MostBytesOf(std::string_view route) {
  return route.starts_with("files/list_folder") ? kMostOfListing : kMostOfOthers;
}

HttpTimeouts TimeoutsOf(const config::Config& config) {
  HttpTimeouts timeouts;
  timeouts.connect = config.sync.connect_timeout;
  timeouts.stall = config.sync.stall_timeout;
  timeouts.total = Milliseconds(0);  // a page of a huge tree may take long; stalls are bounded
  return timeouts;
}

std::shared_ptr<RateLimit> LimitOf(EventLoop& loop, const config::DropboxConfig& config) {
  if (config.bwlimit == 0) return nullptr;
  return std::make_shared<RateLimit>(loop.clock(), config.bwlimit);
}

SenderPolicy Limited(SenderPolicy policy, std::shared_ptr<RateLimit> limit) {
  policy.rate_limit = std::move(limit);
  return policy;
}

Result<Account> ParseAccount(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's account"));
  Account account;
  account.account_id = StringMember(body, "account_id");
  account.email = StringMember(body, "email");
  if (const auto* name = FindMember(body, "name")) {
    account.display_name = StringMember(*name, "display_name");
  }
  if (const auto* team = FindMember(body, "team")) account.team_name = StringMember(*team, "name");
  if (const auto* root = FindMember(body, "root_info")) {
    account.root_namespace_id = StringMember(*root, "root_namespace_id");
    account.home_namespace_id = StringMember(*root, "home_namespace_id");
    account.home_path = StringMember(*root, "home_path");
  }
  if (account.account_id.empty()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's account answer holds no account_id");
  }
  return account;
}

std::string SelectUser(const std::string& team_member_id) {
  return "Dropbox-API-Select-User: " + team_member_id;
}

// team/token/get_authenticated_admin: the member that a team token acts as.
Result<std::string> ParseAdminMemberId(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's admin profile"));
  const auto* member = FindPath(body, {"admin_profile", "team_member_id"});
  if (member == nullptr || !member->IsString()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's admin profile holds no team_member_id");
  }
  return std::string(View(*member));
}

}  // namespace

Client::Client(EventLoop& loop, const config::Config& config,
               std::function<void(const Error&, Milliseconds)> on_retry, std::uint64_t seed)
    : loop_(loop),
      config_(config),
      timeouts_(TimeoutsOf(config)),
      rate_limit_(LimitOf(loop, config.dropbox)),
      token_sender_(loop, Limited(PolicyOf(config, JudgeTokenAnswer, on_retry), rate_limit_),
                    SeedOf(seed, "token")),
      token_(loop, token_sender_, config.dropbox, timeouts_),
      sender_(
          loop,
          [&] {
            SenderPolicy policy =
                Limited(PolicyOf(config, JudgeApiAnswer, std::move(on_retry)), rate_limit_);
            policy.authorize = [this](const std::string& rejected, auto done) {
              token_.Provide(rejected, std::move(done));
            };
            return policy;
          }(),
          SeedOf(seed, "api")) {}

Pending<HttpResponse> Client::Send(std::string_view route, HttpRequest request,
                                   SendOptions options) {
  const Pending<HttpResponse> classified;
  sender_.Send(std::move(request), std::move(options))
      .Then([this, classified, route = std::string(route)](Result<HttpResponse> answer) {
        if (answer) return classified.Fulfil(std::move(answer));
        // A scope that is missing, or an account that is suspended, may be so no more with a new
        // token.
        if (answer.error().http_status == 401) token_.Distrust();
        // A refused refresh token is no error of the route that needed an access token.
        const bool of_token = answer.error().url.ends_with("/oauth2/token");
        if (of_token) return classified.Fulfil(std::move(answer));
        classified.Fulfil(Fail(ClassifyRouteError(route, std::move(answer.error()))));
      });
  return classified;
}

Pending<HttpResponse> Client::Rpc(std::string_view route, std::string argument, Headers headers,
                                  SendOptions options, std::string response_buffer) {
  return Post(route, headers == Headers::kUser ? acting_headers_ : HeaderLines(),
              {std::move(argument), std::move(response_buffer)}, std::move(options));
}

Pending<HttpResponse> Client::Post(std::string_view route, const HeaderLines& acting, RpcBody body,
                                   SendOptions options) {
  HttpRequest request;
  request.url = fmt::format("{}/2/{}", config_.dropbox.api_url, route);
  request.headers.emplace_back("Content-Type: application/json");
  request.headers.insert(request.headers.end(), acting.begin(), acting.end());
  request.body = std::make_shared<const std::string>(std::move(body.argument));
  request.timeouts = timeouts_;
  request.transport = config::TransportOf(config_.dropbox);
  request.max_response_bytes = MostBytesOf(route);
  request.response_buffer = std::move(body.response_buffer);
  return Send(route, std::move(request), std::move(options));
}

Pending<HttpResponse> Client::Content(std::string_view route, std::string_view argument,
                                      std::shared_ptr<BodySink> sink, SendOptions options) {
  HttpRequest request;
  request.url = fmt::format("{}/2/{}", config_.dropbox.content_url, route);
  request.headers = acting_headers_;
  request.headers.push_back(fmt::format("Dropbox-API-Arg: {}", argument));
  // Removes the type that curl gives every POST: these routes refuse it.
  request.headers.emplace_back("Content-Type:");
  request.timeouts = timeouts_;
  request.transport = config::TransportOf(config_.dropbox);
  request.accept_compressed = false;
  request.max_response_bytes = kMaxErrorBytes;
  request.body_sink = std::move(sink);
  options.max_retries = few_retries();
  return Send(route, std::move(request), std::move(options));
}

Result<Account> Client::ReadCurrentAccount(const std::string& team_member_id) {
  // Not with the headers of ActAs, and without changing them: other requests may begin meanwhile.
  HeaderLines acting;
  if (!team_member_id.empty()) acting.push_back(SelectUser(team_member_id));
  const auto account = std::make_shared<Account>();
  SendOptions options;
  options.accept = [account](HttpResponse& response) -> Result<void> {
    TRY_ASSIGN(*account, ParseAccount(response));
    return {};
  };
  TRY(loop_.Await(
      Post("users/get_current_account", acting, {.argument = "null"}, std::move(options))));
  account->team_member_id = team_member_id;
  return std::move(*account);
}

Result<void> Client::RevokeToken() {
  TRY(loop_.Await(Rpc("auth/token/revoke", "null", Headers::kTeam)));
  return {};
}

Result<Account> Client::DiscoverAccount() {
  auto account = ReadCurrentAccount("");
  // User routes refuse a team token with 400 until a member is named. A 400 that is kAuth comes
  // from the token route, for a token that is not valid, and one that is kTemporary from a proxy.
  const bool names_no_member = !account && account.error().http_status == 400 &&
                               account.error().kind == ErrorKind::kInternal;
  if (!names_no_member) return account;
  TRY_ASSIGN(
      const auto team_member_id,
      loop_.Await(Call(*this, "team/token/get_authenticated_admin", "null", ParseAdminMemberId,
                       {Headers::kTeam, -1, "asking who authorized the team token"})));
  if (acting_headers_.empty()) acting_headers_.push_back(SelectUser(team_member_id));
  return ReadCurrentAccount(team_member_id);
}

void Client::ActAs(const Account& account) {
  acting_headers_.clear();
  if (!account.team_member_id.empty()) {
    acting_headers_.push_back(SelectUser(account.team_member_id));
  }
  // Without a team space the default view is complete, and app-folder apps must not send the
  // header.
  if (account.HasTeamSpace()) {
    acting_headers_.push_back(fmt::format(R"(Dropbox-API-Path-Root: {{".tag":"root","root":{}}})",
                                          JsonString(account.root_namespace_id)));
  }
}

SenderCounters Client::counters() const {
  SenderCounters sum = sender_.counters();
  const SenderCounters& token = token_sender_.counters();
  sum.requests += token.requests;
  sum.retries += token.retries;
  sum.bytes_sent += token.bytes_sent;
  sum.bytes_received += token.bytes_received;
  sum.in_flight += token.in_flight;
  return sum;
}

}  // namespace dbxes::dropbox

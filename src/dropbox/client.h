// SPDX-License-Identifier: Apache-2.0
// The Dropbox HTTP API: how a request of any route is sent. The routes are functions in files of
// their own, by the API's namespaces: files.h, downloads.h, search.h, sharing.h, shared_links.h,
// team.h. Retries, rate limits and new access tokens are handled here: the caller gets an answer or
// a final error.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/event_loop.h"
#include "base/http/rate_limit.h"
#include "base/http/request_sender.h"
#include "config/config.h"
#include "dropbox/access_token.h"
#include "dropbox/follow_pages.h"
#include "dropbox/types.h"

namespace dbxes::dropbox {

class Client {
 public:
  Client(EventLoop& loop, const config::Config& config,
         std::function<void(const Error&, Milliseconds)> on_retry, std::uint64_t seed);

  EventLoop& loop() { return loop_; }

  // Uses an access token that auth has obtained already, until it expires.
  void Adopt(const TokenGrant& grant) { token_.Adopt(grant); }
  // Uses and keeps the access token in `store`, which must outlive this. For runs; commands that
  // test the refresh token need a new one.
  void KeepTokenIn(TokenStore& store) { token_.KeepIn(store); }
  // Scopes of the access token, space-separated; "" when Dropbox did not say.
  const std::string& scopes() const { return token_.scopes(); }
  // auth/token/revoke: the refresh token and all access tokens that were made from it.
  Result<void> RevokeToken();

  // users/get_current_account, and for team tokens team/token/get_authenticated_admin first. What
  // ActAs has set stays for all other requests; before ActAs, later user calls act as this member.
  Result<Account> DiscoverAccount();
  // Sets the select-user and path-root headers of every later user call (Dropbox HTTP API:
  // headers). The root is named by its number, so that a root that has changed is an error (422)
  // instead of half a listing.
  void ActAs(const Account& account);

  // Calls of a user carry the headers of ActAs, those of a team must not (Dropbox HTTP API:
  // headers).
  enum class Headers { kUser, kTeam };
  // Any RPC route. `response_buffer` is reused for the answer's body. Errors are those of
  // JudgeApiAnswer, refined by ClassifyRouteError. An answer of more than 128 MiB for
  // files/list_folder, or 32 MiB for another route, is kInternal.
  Pending<HttpResponse> Rpc(std::string_view route, std::string argument, Headers headers,
                            SendOptions options = {}, std::string response_buffer = {});
  // Any route that answers with a file's bytes: they go to `sink`, and `argument` travels in a
  // header. Tried again up to few_retries() times.
  Pending<HttpResponse> Content(std::string_view route, std::string_view argument,
                                std::shared_ptr<BodySink> sink, SendOptions options);
  // For requests whose failure concerns one document or folder and must not hold up the run.
  int few_retries() const { return config_.dropbox.retry_count; }

  // How lists of this client are followed (FollowPages).
  ListPace pace() const { return {loop_, {config_.sync.give_up_after, few_retries()}}; }

  // Requests of the API and of the token route together.
  SenderCounters counters() const;

 private:
  using HeaderLines = std::vector<std::string>;
  struct RpcBody {
    std::string argument;
    std::string response_buffer = {};
  };
  Pending<HttpResponse> Send(std::string_view route, HttpRequest request, SendOptions options);
  Pending<HttpResponse> Post(std::string_view route, const HeaderLines& acting, RpcBody body,
                             SendOptions options);
  Result<Account> ReadCurrentAccount(const std::string& team_member_id);

  EventLoop& loop_;
  const config::Config& config_;
  HttpTimeouts timeouts_;
  HeaderLines acting_headers_;
  std::shared_ptr<RateLimit> rate_limit_;  // of all answers; null for none
  RequestSender token_sender_;
  AccessToken token_;
  RequestSender sender_;
};

}  // namespace dbxes::dropbox

// SPDX-License-Identifier: Apache-2.0
// The short-lived access token: refreshed before it expires and when Dropbox refuses it, by one
// request for all callers that wait (Dropbox HTTP API: /oauth2/token, grant refresh_token).
#pragma once

#include <string>
#include <vector>

#include "base/http/request_sender.h"
#include "config/config.h"

namespace dbxes::dropbox {

// The answer of /oauth2/token, to a refresh token or to a code.
struct TokenGrant {
  config::Secret access_token;
  config::Secret refresh_token;  // empty where a refresh token was sent
  std::string scopes;            // space-separated; "" when Dropbox did not say
  Milliseconds lifetime{0};
};
// kTemporary for an answer without an access token.
Result<TokenGrant> ParseTokenGrant(const HttpResponse& response);

class AccessToken {
 public:
  // `sender` sends the token requests and must outlive this.
  AccessToken(EventLoop& loop, RequestSender& sender, const config::DropboxConfig& config,
              HttpTimeouts timeouts);

  // Calls `done` with "Authorization: Bearer ...". `rejected` is the header line that Dropbox has
  // refused, "" if none; a token that has replaced that one already is used as it is.
  void Provide(const std::string& rejected, SenderPolicy::AuthorizeDone done);

  // Uses an access token that was obtained elsewhere.
  void Adopt(const TokenGrant& grant);

  // Scopes of the last token, space-separated; "" when Dropbox did not say.
  const std::string& scopes() const { return scopes_; }

 private:
  bool Fresh() const;
  void Refresh();
  void OnGrant(Result<TokenGrant> grant);

  EventLoop& loop_;
  RequestSender& sender_;
  const config::DropboxConfig& config_;
  HttpTimeouts timeouts_;
  std::string header_;
  std::string scopes_;
  Milliseconds fresh_until_{0};  // on the monotonic clock: the wall clock may jump
  bool refreshing_ = false;
  std::vector<SenderPolicy::AuthorizeDone> waiting_;
};

}  // namespace dbxes::dropbox

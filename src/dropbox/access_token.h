// SPDX-License-Identifier: Apache-2.0
// The short-lived access token: refreshed before it expires and when Dropbox refuses it, by one
// request for all callers that wait (Dropbox HTTP API: /oauth2/token, grant refresh_token).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/http/request_sender.h"
#include "config/config.h"

namespace dbxes::dropbox {

// The longest answer that has a token, in bytes; a longer one is kInternal.
inline constexpr std::size_t kMostTokenBytes = std::size_t{64} << 10;

// The answer of /oauth2/token, to a refresh token or to a code.
struct TokenGrant {
  config::Secret access_token;
  config::Secret refresh_token;  // empty where a refresh token was sent
  std::string scopes;            // space-separated; "" when Dropbox did not say
  Milliseconds lifetime{0};
};
// kTemporary for an answer without an access token.
Result<TokenGrant> ParseTokenGrant(const HttpResponse& response);

// How long a token of this lifetime is used: it is replaced five minutes before its end.
Milliseconds UsableFor(Milliseconds lifetime);

struct StoredToken;

// Where an access token outlasts the run (dropbox/kept_token.h).
class TokenStore {
 public:
  virtual ~TokenStore() = default;
  // A token that is still usable.
  virtual std::optional<StoredToken> Load() = 0;
  virtual void Keep(const TokenGrant& grant) = 0;
  virtual void Forget() = 0;
};

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
  // Uses the token in `store`, which must outlive this, and keeps each new one there.
  void KeepIn(TokenStore& store) { store_ = &store; }
  // Dropbox has refused a request for a reason that a new token might end: the next run asks for
  // one.
  void Distrust();

  // Scopes of the last token, space-separated; "" when Dropbox did not say.
  const std::string& scopes() const { return scopes_; }

 private:
  bool Fresh() const;
  void Use(const config::Secret& token, const std::string& scopes, Milliseconds usable_for);
  void UseStored();
  void Refresh();
  void OnGrant(Result<TokenGrant> grant);

  EventLoop& loop_;
  RequestSender& sender_;
  const config::DropboxConfig& config_;
  HttpTimeouts timeouts_;
  TokenStore* store_ = nullptr;
  std::string header_;
  std::string scopes_;
  Milliseconds fresh_until_{0};  // on the monotonic clock: the wall clock may jump
  bool refreshing_ = false;
  std::vector<SenderPolicy::AuthorizeDone> waiting_;
};

}  // namespace dbxes::dropbox

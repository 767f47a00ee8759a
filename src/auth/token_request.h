// SPDX-License-Identifier: Apache-2.0
// The requests of an authorization (Dropbox HTTP API: /oauth2/token with the grant
// authorization_code, check/app), and what their errors mean. A code works once, so its request is
// never sent a second time.
#pragma once

#include <functional>

#include "auth/authorization.h"
#include "base/http/request_sender.h"
#include "dropbox/access_token.h"

namespace dbxes::auth {

class TokenRequests {
 public:
  TokenRequests(EventLoop& loop, const config::Config& config,
                std::function<void(const Error&, Milliseconds)> on_retry, std::uint64_t seed);

  // Checks that app key and secret belong together, before a code is used up. Without a secret it
  // does nothing.
  Result<void> CheckApp();
  // Exchanges the code for tokens. kAuth with one sentence for each reason to refuse a code.
  Result<dropbox::TokenGrant> Redeem(const Authorization& authorization,
                                     const config::Secret& code);

 private:
  HttpRequest Post(const std::string& path) const;

  EventLoop& loop_;
  const config::Config& config_;
  RequestSender app_sender_;
  RequestSender code_sender_;
};

// Judges an answer of check/app. Pure.
Verdict JudgeAppAnswer(const Result<HttpResponse>& answer);
// Judges an answer to the grant authorization_code (RFC 6749, 5.2). Pure.
Verdict JudgeCodeAnswer(const Result<HttpResponse>& answer);

}  // namespace dbxes::auth

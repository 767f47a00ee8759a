// SPDX-License-Identifier: Apache-2.0
#include "dropbox/access_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "config/transport.h"
#include "dropbox/kept_token.h"

namespace dbxes::dropbox {
namespace {

// Official SDKs refresh five minutes before a token expires. A token with a shorter life is used
// for half of it.
constexpr Milliseconds kMargin{300'000};

}  // namespace

Result<TokenGrant> ParseTokenGrant(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's answer to the token request"));
  TokenGrant grant;
  grant.access_token = config::Secret(std::string(StringMember(body, "access_token")));
  grant.refresh_token = config::Secret(std::string(StringMember(body, "refresh_token")));
  grant.scopes = StringMember(body, "scope");
  if (grant.access_token.empty()) {
    return Fail(ErrorKind::kTemporary,
                "Dropbox's answer to the token request holds no access_token");
  }
  // Without a known lifetime a token is used until it is refused.
  constexpr std::uint64_t kUnknown = 10ull * 365 * 24 * 3600;
  const auto seconds = UintMember(body, "expires_in").value_or(kUnknown);
  grant.lifetime = Milliseconds(static_cast<std::int64_t>(std::min(seconds, kUnknown)) * 1000);
  return grant;
}

Milliseconds UsableFor(Milliseconds lifetime) { return lifetime - std::min(kMargin, lifetime / 2); }

AccessToken::AccessToken(EventLoop& loop, RequestSender& sender,
                         const config::DropboxConfig& config, HttpTimeouts timeouts)
    : loop_(loop), sender_(sender), config_(config), timeouts_(timeouts) {}

bool AccessToken::Fresh() const { return !header_.empty() && loop_.clock().Now() < fresh_until_; }

void AccessToken::Provide(const std::string& rejected, SenderPolicy::AuthorizeDone done) {
  if (header_.empty() && !refreshing_) UseStored();
  if (store_ != nullptr && !rejected.empty() && rejected == header_ && !refreshing_) {
    store_->Forget();
  }
  if (Fresh() && rejected != header_ && !refreshing_) return done(header_);
  waiting_.push_back(std::move(done));
  if (!refreshing_) Refresh();
}

void AccessToken::Use(const config::Secret& token, const std::string& scopes,
                      Milliseconds usable_for) {
  header_ = "Authorization: Bearer " + token.Reveal();
  scopes_ = scopes;
  fresh_until_ = loop_.clock().Now() + usable_for;
}

void AccessToken::Adopt(const TokenGrant& grant) {
  Use(grant.access_token, grant.scopes, UsableFor(grant.lifetime));
}

void AccessToken::UseStored() {
  if (store_ == nullptr) return;
  const auto stored = store_->Load();
  if (stored) Use(stored->access_token, stored->scopes, stored->usable_for);
}

void AccessToken::Distrust() {
  if (store_ != nullptr) store_->Forget();
}

void AccessToken::Refresh() {
  refreshing_ = true;
  HttpRequest request;
  request.url = config_.api_url + "/oauth2/token";
  request.secrecy = Secrecy::kBodies;
  request.headers.emplace_back("Content-Type: application/x-www-form-urlencoded");
  request.timeouts = timeouts_;
  request.max_response_bytes = kMostTokenBytes;
  request.transport = config::TransportOf(config_);
  std::string form =
      "grant_type=refresh_token&refresh_token=" + PercentEncode(config_.refresh_token.Reveal()) +
      "&client_id=" + PercentEncode(config_.app_key);
  // A token obtained with PKCE belongs to an app key without a secret.
  if (!config_.app_secret.empty()) {
    form += "&client_secret=" + PercentEncode(config_.app_secret.Reveal());
  }
  request.body = std::make_shared<const std::string>(std::move(form));

  const auto grant = std::make_shared<TokenGrant>();
  SendOptions options;
  options.accept = [grant](HttpResponse& response) -> Result<void> {
    TRY_ASSIGN(*grant, ParseTokenGrant(response));
    return {};
  };
  sender_.Send(std::move(request), std::move(options))
      .Then([this, grant](Result<HttpResponse> answer) {
        if (!answer) return OnGrant(Fail(std::move(answer.error())));
        OnGrant(std::move(*grant));
      });
}

void AccessToken::OnGrant(Result<TokenGrant> grant) {
  refreshing_ = false;
  Result<std::string> outcome = "";
  if (grant) {
    Adopt(*grant);
    if (store_ != nullptr) store_->Keep(*grant);
    outcome = header_;
  } else {
    outcome = Fail(std::move(grant.error()));
  }
  for (auto& done : std::exchange(waiting_, {})) done(outcome);
}

}  // namespace dbxes::dropbox

// SPDX-License-Identifier: Apache-2.0
#include "auth/token_request.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/base64.h"
#include "base/http/url.h"
#include "base/json/json.h"
#include "base/random.h"
#include "config/transport.h"
#include "dropbox/api_error.h"
#include "dropbox/route_error.h"
#include "dropbox/sender_policy.h"

namespace dbxes::auth {
namespace {

constexpr std::string_view kAgain = "run dbx-es auth again and open the new link";

// Dropbox distinguishes these by the text of error_description alone.
struct Refusal {
  std::string_view words;
  std::string_view sentence;
};
constexpr Refusal kRefusals[] = {
    {"already been used", "this code has been used already, and each works once"},
    {"doesn't exist", "Dropbox does not know this code: it is mistyped, cut off or too old"},
    {"expired", "this code has expired: use a code within minutes"},
    {"verifier", "this code belongs to another link than the last one that dbx-es auth printed"},
    {"redirect_uri", "this code was issued for another redirect URI"},
    {"", "Dropbox refuses this code"},
};

Error RefusedCode(Error error, std::string_view description) {
  for (const Refusal& refusal : kRefusals) {
    if (description.find(refusal.words) == std::string_view::npos) continue;
    error.message = fmt::format("{}; {}", refusal.sentence, kAgain);
    break;
  }
  return error;
}

constexpr std::string_view kWrongSecret =
    "Dropbox refuses dropbox.app_key with dropbox.app_secret: compare both with the app's page in "
    "the Dropbox App Console";
constexpr std::string_view kWrongKey =
    "Dropbox refuses dropbox.app_key: compare it with the app's page in the Dropbox App Console";

}  // namespace

Verdict JudgeAppAnswer(const Result<HttpResponse>& answer) {
  const bool refused = answer && (answer->status == 400 || answer->status == 401);
  if (!refused) return dropbox::JudgeApiAnswer(answer);
  Verdict verdict;
  verdict.kind = Verdict::kFail;
  verdict.error = Error{ErrorKind::kAuth, std::string(kWrongSecret)};
  verdict.error.http_status = answer->status;
  return verdict;
}

Verdict JudgeCodeAnswer(const Result<HttpResponse>& answer) {
  Verdict verdict = dropbox::JudgeTokenAnswer(answer);
  if (!answer || verdict.kind != Verdict::kFail) return verdict;
  if (dropbox::IsInvalidGrant(verdict.error)) {
    const auto body = ParseJson(answer->body, "the refusal");
    verdict.error =
        RefusedCode(std::move(verdict.error), body ? StringMember(*body, "error_description") : "");
  } else if (dropbox::IsInvalidClient(verdict.error)) {
    // The secret is not sent with a code, and CheckApp has accepted it.
    verdict.error.message = kWrongKey;
  }
  return verdict;
}

TokenRequests::TokenRequests(EventLoop& loop, const config::Config& config,
                             std::function<void(const Error&, Milliseconds)> on_retry,
                             std::uint64_t seed)
    : loop_(loop),
      config_(config),
      app_sender_(loop, dropbox::PolicyOf(config, JudgeAppAnswer, on_retry), SeedOf(seed, "app")),
      code_sender_(loop, dropbox::PolicyOf(config, JudgeCodeAnswer, std::move(on_retry)),
                   SeedOf(seed, "code")) {}

HttpRequest TokenRequests::Post(const std::string& path) const {
  HttpRequest request;
  request.url = config_.dropbox.api_url + path;
  request.max_response_bytes = dropbox::kMostTokenBytes;
  request.timeouts.connect = config_.sync.connect_timeout;
  request.timeouts.stall = config_.sync.stall_timeout;
  request.transport = config::TransportOf(config_.dropbox);
  return request;
}

Result<void> TokenRequests::CheckApp() {
  if (config_.dropbox.app_secret.empty()) return {};
  HttpRequest request = Post("/2/check/app");
  request.headers.emplace_back("Content-Type: application/json");
  request.headers.push_back(
      "Authorization: Basic " +
      Base64Encode(config_.dropbox.app_key + ":" + config_.dropbox.app_secret.Reveal()));
  request.body = std::make_shared<const std::string>(R"({"query":"dbx-es"})");
  TRY(loop_.Await(app_sender_.Send(std::move(request))));
  return {};
}

Result<dropbox::TokenGrant> TokenRequests::Redeem(const Authorization& authorization,
                                                  const config::Secret& code) {
  HttpRequest request = Post("/oauth2/token");
  request.secrecy = Secrecy::kBodies;
  request.headers.emplace_back("Content-Type: application/x-www-form-urlencoded");
  // With a verifier Dropbox accepts no secret, and the tokens belong to the app key alone.
  std::string form =
      fmt::format("grant_type=authorization_code&code={}&client_id={}&code_verifier={}",
                  PercentEncode(code.Reveal()), PercentEncode(authorization.app_key),
                  PercentEncode(authorization.verifier.Reveal()));
  if (!authorization.redirect_uri.empty()) {
    form += "&redirect_uri=" + PercentEncode(authorization.redirect_uri);
  }
  request.body = std::make_shared<const std::string>(std::move(form));
  SendOptions once;
  once.max_retries = 0;
  TRY_ASSIGN(const auto answer,
             loop_.Await(code_sender_.Send(std::move(request), std::move(once))));
  return dropbox::ParseTokenGrant(answer);
}

}  // namespace dbxes::auth

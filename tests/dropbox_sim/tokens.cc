// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

constexpr const char* kUserScopes =
    "account_info.read files.metadata.read files.content.read sharing.read";
constexpr const char* kTeamScopes =
    "team_info.read members.read groups.read team_data.member team_data.content.read events.read";

std::set<std::string, std::less<>> SplitScopes(std::string_view text) {
  std::set<std::string, std::less<>> scopes;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) scopes.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return scopes;
}

std::string JoinScopes(const std::set<std::string, std::less<>>& scopes) {
  std::string text;
  for (const std::string& scope : scopes) text += (text.empty() ? "" : " ") + scope;
  return text;
}

Tokens::FormReply Refused(std::string_view error, std::string_view description) {
  return {400, fmt::format(R"({{"error": "{}", "error_description": "{}"}})", error, description),
          ""};
}

std::string Value(const std::map<std::string, std::string>& form, const std::string& key) {
  const auto found = form.find(key);
  return found == form.end() ? std::string() : found->second;
}

std::string PkceChallenge(const std::string& verifier, const std::string& method) {
  if (method == "plain") return verifier;
  const auto digest = Sha256(verifier);
  return Base64Url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool IsVerifier(const std::string& text) {
  const bool shaped = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
  });
  return shaped && text.size() >= 43 && text.size() <= 128;
}

}  // namespace

std::string Tokens::AllScopes() { return std::string(kUserScopes) + " " + kTeamScopes; }

Tokens::Tokens(const TokenOptions& options, std::uint64_t seed, std::string account_id)
    : options_(options), random_(seed) {
  Grant first;
  first.refresh_token = options.refresh_token;
  first.account_id = std::move(account_id);
  first.team = options.team_token;
  first.scopes = SplitScopes(!options.scopes.empty() ? options.scopes
                             : options.team_token    ? AllScopes()
                                                     : kUserScopes);
  grants_.push_back(std::move(first));
}

std::string Tokens::Issue(std::size_t grant, const std::set<std::string, std::less<>>& scopes,
                          std::int64_t now_ms) {
  std::string random(options_.long_tokens ? 1122 : 96, '\0');
  for (char& c : random) c = static_cast<char>(random_());
  std::string text = "sl." + Base64Url(random);
  AccessToken token;
  token.grant = grant;
  token.scopes = scopes;
  token.issued_ms = now_ms;
  token.dies_ms = now_ms + 1000 * options_.true_life_s.value_or(options_.expires_in_s);
  tokens_[text] = std::move(token);
  latest_[grant] = text;
  return text;
}

std::string Tokens::RefreshViolation(std::size_t grant, std::int64_t now_ms) const {
  const auto latest = latest_.find(grant);
  if (latest == latest_.end()) return "";
  const AccessToken& token = tokens_.at(latest->second);
  if (token.refused || token.revoked || token.expired || now_ms >= token.dies_ms) return "";
  const std::int64_t promised_ms = token.issued_ms + 1000 * options_.expires_in_s - now_ms;
  if (!token.used) return "refreshed again although the newest access token was never used";
  constexpr std::int64_t kEarlyMs = 300 * 1000;  // both official SDKs refresh this early
  if (promised_ms <= kEarlyMs) return "";
  return fmt::format(
      "refreshed although the newest access token lives {} s more and was not refused",
      promised_ms / 1000);
}

Tokens::FormReply Tokens::Exchange(const std::map<std::string, std::string>& form,
                                   const std::string& basic, std::int64_t now_ms) {
  const std::size_t colon = basic.find(':');
  const bool by_header = !basic.empty();
  const std::string key = by_header ? basic.substr(0, colon) : Value(form, "client_id");
  const std::string secret = by_header && colon != std::string::npos ? basic.substr(colon + 1)
                                                                     : Value(form, "client_secret");
  const std::string grant_type = Value(form, "grant_type");
  if (by_header && form.count("client_secret") != 0) {
    return Refused("invalid_request", "both Authorization header and client_secret given");
  }
  if (grant_type.empty()) return Refused("invalid_request", "missing required field grant_type");
  if (grant_type != "refresh_token" && grant_type != "authorization_code") {
    return Refused("unsupported_grant_type", "grant_type is not supported");
  }
  if (key.empty())
    return Refused("invalid_request", "No auth function available for given request");
  const bool secret_given = !secret.empty();
  if (key != options_.app_key || (secret_given && secret != options_.app_secret)) {
    return Refused("invalid_client: Invalid client_id or client_secret",
                   "Invalid client_id or client_secret");
  }
  return grant_type == "refresh_token" ? Refresh(form, secret_given, now_ms)
                                       : RedeemCode(form, secret_given, now_ms);
}

Tokens::FormReply Tokens::Refresh(const std::map<std::string, std::string>& form, bool secret_ok,
                                  std::int64_t now_ms) {
  const std::string refresh = Value(form, "refresh_token");
  if (refresh.empty()) return Refused("invalid_request", "missing required field refresh_token");
  if (codes_.count(refresh) != 0) return Refused("invalid_grant", "refresh token is malformed");
  const auto found = std::find_if(grants_.begin(), grants_.end(), [&](const Grant& grant) {
    return grant.refresh_token == refresh;
  });
  if (found == grants_.end() || found->revoked)
    return Refused("invalid_grant", "refresh token is invalid or revoked");
  if (!found->pkce && !secret_ok) {
    return Refused("invalid_client: Invalid client_id or client_secret",
                   "client_secret is missing");
  }
  const auto index = static_cast<std::size_t>(found - grants_.begin());
  std::set<std::string, std::less<>> scopes = found->scopes;
  if (const std::string asked = Value(form, "scope"); !asked.empty()) {
    scopes = SplitScopes(asked);
    const bool subset =
        std::includes(found->scopes.begin(), found->scopes.end(), scopes.begin(), scopes.end());
    if (!subset) return Refused("invalid_scope", "requested scope exceeds the granted one");
  }
  FormReply reply;
  reply.violation = RefreshViolation(index, now_ms);
  ++found->refreshes;
  const std::string token = Issue(index, scopes, now_ms);
  reply.body = fmt::format(R"({{"access_token": "{}", "token_type": "bearer", "expires_in": {}}})",
                           token, options_.expires_in_s);
  return reply;
}

Tokens::FormReply Tokens::RedeemCode(const std::map<std::string, std::string>& form, bool secret_ok,
                                     std::int64_t now_ms) {
  const auto found = codes_.find(Value(form, "code"));
  if (found == codes_.end()) return Refused("invalid_grant", "code doesn't exist or has expired");
  Code& code = found->second;
  if (code.used) return Refused("invalid_grant", "code has already been used");
  if (now_ms >= code.issued_ms + 1000 * options_.code_life_s)
    return Refused("invalid_grant", "code has expired (within the last hour)");
  if (Value(form, "redirect_uri") != code.redirect_uri)
    return Refused("invalid_grant", "redirect_uri mismatch");
  if (code.challenge.empty() && !secret_ok) {
    return Refused("invalid_client: Invalid client_id or client_secret",
                   "client_secret is missing");
  }
  if (!code.challenge.empty()) {
    const std::string verifier = Value(form, "code_verifier");
    if (!IsVerifier(verifier))
      return Refused("invalid_request", "code_verifier must be 43 to 128 unreserved characters");
    const bool fits = PkceChallenge(verifier, code.challenge_method) == code.challenge;
    if (!fits) return Refused("invalid_grant", "invalid code verifier");
  }
  code.used = true;
  Grant grant = grants_.front();
  grant.scopes = code.scopes;
  grant.pkce = !code.challenge.empty() && !secret_ok;
  grant.revoked = false;
  grant.refreshes = 0;
  grant.refresh_token = code.offline ? fmt::format("rt-{:016x}{:016x}", random_(), random_()) : "";
  const std::size_t index = AddGrant(grant);
  const std::string token = Issue(index, grant.scopes, now_ms);
  FormReply reply;
  reply.body = fmt::format(
      R"({{"access_token": "{}", "token_type": "bearer", "expires_in": {}, "scope": "{}", "uid": "4711", )",
      token, options_.expires_in_s, JoinScopes(grant.scopes));
  if (code.offline) reply.body += fmt::format(R"("refresh_token": "{}", )", grant.refresh_token);
  reply.body += grant.team ? R"("team_id": "dbtid:simulated"})"
                           : fmt::format(R"("account_id": "{}"}})", grant.account_id);
  return reply;
}

Tokens::AuthorizeReply Tokens::Authorize(const std::map<std::string, std::string>& query,
                                         std::int64_t now_ms) {
  AuthorizeReply reply;
  const std::string access_type = Value(query, "token_access_type");
  const std::string redirect = Value(query, "redirect_uri");
  const std::string method = Value(query, "code_challenge_method");
  const std::string scope = Value(query, "scope");
  if (Value(query, "client_id") != options_.app_key)
    reply.error = "Invalid client_id";
  else if (Value(query, "response_type") != "code")
    reply.error = "Invalid response_type";
  else if (!redirect.empty() && !options_.redirect_uri.empty() && redirect != options_.redirect_uri)
    reply.error = "Invalid redirect_uri";
  else if (!access_type.empty() && access_type != "offline" && access_type != "online")
    reply.error = "Invalid token_access_type";
  else if (!method.empty() && method != "S256" && method != "plain")
    reply.error = "Invalid code_challenge_method";
  else if (Value(query, "state").size() > 2000)
    reply.error = "state is too long";
  if (!reply.error.empty()) return reply;
  if (options_.deny) return reply;
  Code code;
  code.issued_ms = now_ms;
  code.redirect_uri = redirect;
  code.challenge = Value(query, "code_challenge");
  code.challenge_method = method.empty() ? "plain" : method;
  code.offline = access_type == "offline";
  code.scopes = scope.empty() ? grants_.front().scopes : SplitScopes(scope);
  const std::set<std::string, std::less<>> all = SplitScopes(AllScopes());
  if (!std::includes(all.begin(), all.end(), code.scopes.begin(), code.scopes.end())) {
    reply.error = "Invalid scope";
    return reply;
  }
  reply.code = fmt::format("code-{:016x}{:016x}", random_(), random_());
  codes_[reply.code] = std::move(code);
  return reply;
}

Tokens::Check Tokens::CheckBearer(const std::string& text, std::int64_t now_ms) {
  Check check;
  const auto found = tokens_.find(text);
  if (found == tokens_.end()) {
    check.error = "invalid_access_token";
    return check;
  }
  AccessToken& token = found->second;
  check.token = &token;
  check.grant_index = token.grant;
  check.grant = &grants_[token.grant];
  token.used = true;
  if (token.revoked)
    check.error = "invalid_access_token";
  else if (token.expired || now_ms >= token.dies_ms)
    check.error = "expired_access_token";
  if (!check.error.empty()) token.refused = true;
  return check;
}

std::string Tokens::CallerOf(const std::string& text) const {
  const auto found = tokens_.find(text);
  return found == tokens_.end() ? "unknown token" : "grant " + std::to_string(found->second.grant);
}

bool Tokens::CheckApp(const std::string& basic) const {
  return basic == options_.app_key + ":" + options_.app_secret;
}

std::string Tokens::Mint(std::int64_t now_ms, std::size_t grant) {
  return Issue(grant, grants_.at(grant).scopes, now_ms);
}

std::size_t Tokens::AddGrant(Grant grant) {
  grants_.push_back(std::move(grant));
  return grants_.size() - 1;
}

void Tokens::ExpireAll() {
  for (auto& [text, token] : tokens_) token.expired = true;
}

void Tokens::RevokeRefreshToken(std::size_t grant) {
  grants_.at(grant).revoked = true;
  for (auto& [text, token] : tokens_) {
    if (token.grant == grant) token.revoked = true;
  }
}

void Tokens::RevokeToken(const std::string& text) {
  const auto found = tokens_.find(text);
  if (found != tokens_.end()) RevokeRefreshToken(found->second.grant);
}

void Tokens::SetScopes(std::size_t grant, std::string_view scopes) {
  grants_.at(grant).scopes = SplitScopes(scopes);
  for (auto& [text, token] : tokens_) {
    if (token.grant == grant) token.scopes = grants_[grant].scopes;
  }
}

void Tokens::BeginRun() { latest_.clear(); }

std::vector<std::string> Tokens::Secrets() const {
  std::vector<std::string> secrets = {options_.app_secret};
  for (const Grant& grant : grants_) {
    if (!grant.refresh_token.empty()) secrets.push_back(grant.refresh_token);
  }
  for (const auto& [text, token] : tokens_) secrets.push_back(text);
  return secrets;
}

}  // namespace dbxes::sim

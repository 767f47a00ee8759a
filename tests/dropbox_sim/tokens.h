// SPDX-License-Identifier: Apache-2.0
// Apps, grants and access tokens: everything of "Dropbox HTTP API: OAuth" that needs no HTTP. A
// grant is the result of one authorization: an account or a team, a set of scopes, possibly a
// refresh token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dbxes::sim {

struct TokenOptions {
  std::string app_key = "sim-app-key";
  std::string app_secret = "sim-app-secret";
  std::string refresh_token = "sim-refresh-token";  // of the first grant
  std::string redirect_uri;                         // registered; empty: any
  std::int64_t expires_in_s = 14400;                // as announced to the client
  std::optional<std::int64_t> true_life_s;          // the real lifetime, if it differs
  std::int64_t code_life_s = 600;                   // of authorization codes
  bool deny = false;                                // the user declines access
  bool team_token = false;                          // the first grant is a team's
  bool app_folder = false;                          // Path-Root is refused
  std::string scopes;                               // space separated; empty: all that exist
  bool long_tokens = false;
};

struct Grant {
  std::string refresh_token;
  std::string account_id;  // of the user, or of the admin who linked the team
  bool team = false;
  bool pkce = false;  // refreshed without a secret
  bool revoked = false;
  std::set<std::string, std::less<>> scopes;
  std::uint64_t refreshes = 0;
};

struct AccessToken {
  std::size_t grant = 0;  // index
  std::set<std::string, std::less<>> scopes;
  std::int64_t issued_ms = 0;
  std::int64_t dies_ms = 0;
  bool expired = false;  // by order of a test
  bool revoked = false;
  bool used = false;     // some request used it
  bool refused = false;  // a 401 was answered to it
};

class Tokens {
 public:
  Tokens(const TokenOptions& options, std::uint64_t seed, std::string account_id);

  struct FormReply {
    int status = 200;
    std::string body;       // JSON
    std::string violation;  // empty, or what was wrong about the client's manners
  };
  // oauth2/token. `basic` is the decoded user:password of an Authorization header, or empty.
  FormReply Exchange(const std::map<std::string, std::string>& form, const std::string& basic,
                     std::int64_t now_ms);

  struct AuthorizeReply {
    std::string error;  // text for the browser
    std::string code;   // empty when access is denied
  };
  // oauth2/authorize, consent given or, with TokenOptions::deny, denied.
  AuthorizeReply Authorize(const std::map<std::string, std::string>& query, std::int64_t now_ms);

  // Checks a bearer token. `error` is the AuthError tag, or empty.
  struct Check {
    const Grant* grant = nullptr;
    AccessToken* token = nullptr;
    std::size_t grant_index = 0;
    std::string error;
  };
  Check CheckBearer(const std::string& token, std::int64_t now_ms);
  // Name of a token's authorization; the same for all tokens of a grant.
  std::string CallerOf(const std::string& token) const;
  bool CheckApp(const std::string& basic) const;

  // Orders of a test.

  // Makes an access token without the protocol. Grant 0 is the first one.
  std::string Mint(std::int64_t now_ms, std::size_t grant = 0);
  std::size_t AddGrant(Grant grant);
  Grant& grant(std::size_t index = 0) { return grants_.at(index); }
  void ExpireAll();
  void RevokeRefreshToken(std::size_t grant = 0);
  // auth/token/revoke: the token, its grant and every other token of that grant.
  void RevokeToken(const std::string& token);
  void SetScopes(std::size_t grant,
                 std::string_view scopes);  // of existing and future tokens
  TokenOptions& options() { return options_; }
  const TokenOptions& options() const { return options_; }
  // A new process has no access token, so its first refresh is not a violation.
  void BeginRun();
  // Everything that must never show in a URL or a log.
  std::vector<std::string> Secrets() const;
  static std::string AllScopes();

 private:
  struct Code {
    std::string redirect_uri;
    std::string challenge;
    std::string challenge_method;
    bool offline = false;
    bool used = false;
    std::int64_t issued_ms = 0;
    std::set<std::string, std::less<>> scopes;
  };
  FormReply Refresh(const std::map<std::string, std::string>& form, bool secret_ok,
                    std::int64_t now_ms);
  FormReply RedeemCode(const std::map<std::string, std::string>& form, bool secret_ok,
                       std::int64_t now_ms);
  std::string Issue(std::size_t grant, const std::set<std::string, std::less<>>& scopes,
                    std::int64_t now_ms);
  std::string RefreshViolation(std::size_t grant, std::int64_t now_ms) const;

  TokenOptions options_;
  std::mt19937_64 random_;
  std::vector<Grant> grants_;
  std::map<std::string, AccessToken> tokens_;
  std::map<std::string, Code> codes_;
  std::map<std::size_t, std::string> latest_;  // per grant, of this run
};

}  // namespace dbxes::sim

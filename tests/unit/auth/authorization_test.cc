// SPDX-License-Identifier: Apache-2.0
#include "auth/authorization.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/http/url.h"
#include "support/memory_file_system.h"

namespace dbxes::auth {
namespace {

config::Config TestConfig() {
  config::Config config;
  config.dropbox.app_key = "key/1";
  config.dropbox.web_url = "https://www.dropbox.test";
  config.dropbox.refresh_token_file = "/state/dbx-es.refresh_token";
  return config;
}

std::string Parameter(const std::string& url, std::string_view name) {
  return QueryValue(std::string_view(url).substr(url.find('?') + 1), name);
}

}  // namespace

TEST_CASE("a verifier has the form of RFC 7636, and is always new") {
  const auto one = NewAuthorization(TestConfig(), "");
  const auto other = NewAuthorization(TestConfig(), "");
  REQUIRE((one && other));
  const std::string& verifier = one->verifier.Reveal();
  CHECK(verifier.size() == 43);
  CHECK(std::all_of(verifier.begin(), verifier.end(),
                    [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; }));
  CHECK(verifier != other->verifier.Reveal());
  CHECK(one->state != other->state);
  CHECK(one->state.size() >= 20);
}

TEST_CASE("the link asks for offline access with the scopes and the challenge") {
  Authorization authorization;
  authorization.app_key = "key/1";
  authorization.verifier = config::Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  const std::string url = AuthorizeUrl(TestConfig(), authorization, false);
  CHECK(url.starts_with("https://www.dropbox.test/oauth2/authorize?client_id=key%2F1&"));
  CHECK(Parameter(url, "response_type") == "code");
  CHECK(Parameter(url, "token_access_type") == "offline");
  CHECK(Parameter(url, "scope") ==
        "account_info.read files.metadata.read files.content.read sharing.read");
  // The example of RFC 7636, appendix B.
  CHECK(Parameter(url, "code_challenge") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  CHECK(Parameter(url, "code_challenge_method") == "S256");
  CHECK(Parameter(url, "redirect_uri").empty());
  CHECK(Parameter(url, "state").empty());
  CHECK(url.find(authorization.verifier.Reveal()) == std::string::npos);
}

TEST_CASE("a link with a redirect carries the state") {
  const config::Config config = TestConfig();
  const auto authorization = NewAuthorization(config, "http://localhost:53682/");
  REQUIRE(authorization);
  const std::string url = AuthorizeUrl(config, *authorization, true);
  CHECK(Parameter(url, "redirect_uri") == "http://localhost:53682/");
  CHECK(Parameter(url, "state") == authorization->state);
  CHECK(Parameter(url, "scope").find(" team_info.read team_data.member") != std::string::npos);
}

TEST_CASE("pasted codes") {
  CHECK(CodeIn("abc") == "abc");
  CHECK(CodeIn("  abc\r\n") == "abc");
  CHECK(CodeIn("http://localhost:53682/?state=x&code=a%2Db#top") == "a-b");
  CHECK(CodeIn("http://localhost:53682/?code=abc") == "abc");
  CHECK(CodeIn("https://example.com/no-code").find("://") != std::string::npos);
  CHECK(CodeIn(" \n").empty());
  CHECK(CodeIn("").empty());
}

TEST_CASE("a link waits for its code across runs, for the same app alone") {
  MemoryFileSystem files;
  const config::Config config = TestConfig();
  const auto authorization = NewAuthorization(config, "");
  REQUIRE(authorization);
  PendingAuthorization pending(files, config);
  CHECK_FALSE(pending.Load()->has_value());
  REQUIRE(pending.Save(*authorization));
  const auto loaded = PendingAuthorization(files, config).Load();
  REQUIRE((loaded && loaded->has_value()));
  CHECK((*loaded)->verifier.Reveal() == authorization->verifier.Reveal());
  CHECK((*loaded)->app_key == "key/1");

  config::Config other = config;
  other.dropbox.app_key = "another";
  CHECK_FALSE(PendingAuthorization(files, other).Load()->has_value());

  files.files().at("/state/dbx-es.refresh_token.pending") = "{\"app_key\": \"key/1\"";
  CHECK_FALSE(pending.Load()->has_value());
  REQUIRE(pending.Forget());
  CHECK(files.files().empty());
}

}  // namespace dbxes::auth

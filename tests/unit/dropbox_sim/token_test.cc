// SPDX-License-Identifier: Apache-2.0
// "Dropbox HTTP API: OAuth", scopes, members and roots.

#include <doctest/doctest.h>

#include <cstddef>
#include <string>

#include "dropbox_sim/client.h"

namespace dbxes::sim {
namespace {

constexpr const char* kRefresh =
    "grant_type=refresh_token&refresh_token=sim-refresh-token&client_id=sim-app-key&client_secret="
    "sim-app-secret";

std::string CodeFrom(const Answer& page) {
  const std::size_t at = page.text.find("code-");
  return at == std::string::npos ? "" : page.text.substr(at, page.text.find('"', at) - at);
}

Answer Authorize(Client& client, const std::string& query) {
  Request request;
  request.method = "GET";
  request.target = "/oauth2/authorize?client_id=sim-app-key&response_type=code" + query;
  const Response response = client.sim().Handle(request);
  Answer answer;
  answer.status = response.status;
  answer.text = *response.body;
  answer.headers = response.headers;
  return answer;
}

TEST_CASE("a refresh gives an access token and no new refresh token") {
  Client client;
  const Answer answer = client.Form(kRefresh);
  REQUIRE(answer.status == 200);
  CHECK(answer.Get("token_type") == "bearer");
  CHECK(answer.json["expires_in"].GetInt() == 14400);
  CHECK(!answer.json.HasMember("refresh_token"));
  client.token = answer.Get("access_token");
  CHECK(client.Call("users/get_current_account", "null").status == 200);
}

TEST_CASE("every refusal of the token endpoint") {
  Client client;
  const auto error = [&](const std::string& form) { return client.Form(form).Get("error"); };
  const std::string app = "&client_id=sim-app-key&client_secret=sim-app-secret";
  CHECK(error("grant_type=refresh_token&refresh_token=wrong" + app) == "invalid_grant");
  CHECK(error("grant_type=refresh_token&refresh_token=sim-refresh-token&client_id=sim-app-key&"
              "client_secret=no")
            .find("invalid_client") == 0);
  CHECK(error("grant_type=refresh_token&refresh_token=sim-refresh-token&client_id=sim-app-key")
            .find("invalid_client") == 0);
  CHECK(error("grant_type=password" + app) == "unsupported_grant_type");
  CHECK(error("refresh_token=x" + app) == "invalid_request");
  CHECK(error("grant_type=authorization_code&code=unknown" + app) == "invalid_grant");
  CHECK(error(std::string(kRefresh) + "&scope=members.read") == "invalid_scope");
  const std::string code = CodeFrom(Authorize(client, "&token_access_type=offline"));
  const Answer pasted = client.Form("grant_type=refresh_token&refresh_token=" + code + app);
  CHECK(pasted.Get("error_description") == "refresh token is malformed");
  client.sim().tokens().RevokeRefreshToken();
  CHECK(error(kRefresh) == "invalid_grant");
}

TEST_CASE("an authorization code does not live long") {
  Client client;
  const std::string code = CodeFrom(Authorize(client, "&token_access_type=offline"));
  client.Advance(600'000);
  const Answer late = client.Form(
      "grant_type=authorization_code&client_id=sim-app-key&client_secret=sim-app-secret&code=" +
      code);
  CHECK(late.Get("error") == "invalid_grant");
  CHECK(late.Get("error_description") == "code has expired (within the last hour)");
}

TEST_CASE("access that is denied comes back as an error, or as a page without a code") {
  Client client;
  client.sim().tokens().options().deny = true;
  CHECK(CodeFrom(Authorize(client, "&token_access_type=offline")).empty());
  const Answer denied = Authorize(client, "&redirect_uri=http%3A%2F%2Flocalhost%3A1%2F&state=abc");
  CHECK(denied.status == 302);
  const std::string location = *FindHeader(denied.headers, "Location");
  CHECK(location.find("http://localhost:1/?error=access_denied&error_description=") == 0);
  CHECK(location.ends_with("&state=abc"));
}

TEST_CASE("an authorization code works once, with its redirect and its verifier") {
  Client client;
  const std::string pkce =
      "&token_access_type=offline&code_challenge_method=S256"
      "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  const std::string redeem = "grant_type=authorization_code&client_id=sim-app-key&code=";
  const std::string verifier = "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const std::string code = CodeFrom(Authorize(client, pkce));
  const std::string wrong(43, 'x');
  CHECK(client.Form(redeem + code + "&code_verifier=" + wrong).Get("error") == "invalid_grant");
  CHECK(client.Form(redeem + code + "&code_verifier=short").Get("error") == "invalid_request");
  const Answer granted = client.Form(redeem + code + verifier);
  REQUIRE(granted.status == 200);
  CHECK(client.Form(redeem + code + verifier).Get("error") == "invalid_grant");
  const std::string again = "grant_type=refresh_token&client_id=sim-app-key&refresh_token=" +
                            granted.Get("refresh_token");
  CHECK_MESSAGE(client.Form(again).status == 200, "PKCE refreshes without a secret");

  const Answer online = Authorize(client, "");
  const Answer short_lived =
      client.Form(redeem + CodeFrom(online) + "&client_secret=sim-app-secret");
  CHECK(short_lived.status == 200);
  CHECK(!short_lived.json.HasMember("refresh_token"));

  const Answer redirected =
      Authorize(client, "&redirect_uri=http%3A%2F%2Flocalhost%3A1%2F&state=s%201");
  CHECK(redirected.status == 302);
  const std::string location = *FindHeader(redirected.headers, "Location");
  CHECK(location.find("http://localhost:1/?code=code-") == 0);
  CHECK(location.find("&state=s 1") != std::string::npos);
  const std::string bare = location.substr(24, location.find('&') - 24);
  CHECK(client.Form(redeem + bare + "&client_secret=sim-app-secret").Get("error") ==
        "invalid_grant");
}

TEST_CASE("expiry, early expiry, revocation, scopes") {
  Options options;
  options.tokens.expires_in_s = 100;
  options.tokens.true_life_s = 50;
  Client client(options);
  CHECK(client.Call("users/get_current_account", "null").status == 200);
  client.Advance(51000);
  const Answer early = client.Call("users/get_current_account", "null");
  CHECK(early.status == 401);
  CHECK(early.Error() == "expired_access_token");
  client.token = client.sim().tokens().Mint(client.now_ms());
  client.sim().tokens().SetScopes(0, "account_info.read");
  const Answer missing = client.Call("files/list_folder", R"({"path":""})");
  CHECK(missing.status == 401);
  CHECK(missing.json["error"]["required_scope"].GetString() == std::string("files.metadata.read"));
  CHECK(client.Call("auth/token/revoke", "null").status == 200);
  CHECK(client.Call("users/get_current_account", "null").Error() == "invalid_access_token");
}

TEST_CASE("one refresh per expiry") {
  Client client;
  client.sim().BeginRun();
  client.token = client.Form(kRefresh).Get("access_token");
  client.Call("users/get_current_account", "null");
  CHECK(client.sim().Violations().empty());
  SUBCASE("needless") {
    client.Form(kRefresh);
    CHECK(client.sim().Violations().size() == 1);
  }
  SUBCASE("after a 401, but twice") {
    client.sim().tokens().ExpireAll();
    client.Call("users/get_current_account", "null");
    client.Form(kRefresh);
    CHECK(client.sim().Violations().empty());
    client.Form(kRefresh);
    CHECK(client.sim().Violations().size() == 1);
  }
  SUBCASE("shortly before the end") {
    client.Advance((14400 - 200) * 1000);
    client.Form(kRefresh);
    CHECK(client.sim().Violations().empty());
  }
  SUBCASE("by the next run") {
    client.sim().BeginRun();
    client.Form(kRefresh);
    CHECK(client.sim().Violations().empty());
  }
}

TEST_CASE("a team token needs a member, and a member needs to be there") {
  Options options;
  options.tokens.team_token = true;
  Client client(options);
  client.tree().people().MakeTeam("Example Ltd");
  Account colleague;
  colleague.given_name = "Bo";
  colleague.email = "bo@example.com";
  client.tree().people().AddAccount(colleague);
  const std::string admin = client.tree().people().primary().team_member_id;
  const std::string member = client.tree().people().accounts()[1].team_member_id;
  const std::string user_header = "Dropbox-API-Select-User";
  const std::string admin_header = "Dropbox-API-Select-Admin";
  const Answer bare = client.Call("users/get_current_account", "null");
  CHECK(bare.status == 400);
  CHECK(bare.text.find("entire Dropbox Business team") != std::string::npos);
  CHECK(client.Call("team/get_info", "null").status == 200);
  CHECK(client.Call("team/get_info", "null", {{user_header, member}}).status == 400);
  CHECK(client.Call("users/get_current_account", "null", {{user_header, member}}).Get("email") ==
        "bo@example.com");
  CHECK(
      client
          .Call("users/get_current_account", "null", {{user_header, member}, {admin_header, admin}})
          .status == 400);
  CHECK(client.Call("users/get_current_account", "null", {{user_header, "dbmid:x"}}).Error() ==
        "invalid_select_user");
  CHECK(client.Call("users/get_current_account", "null", {{admin_header, member}}).Error() ==
        "invalid_select_admin");
  CHECK(client.Call("files/search_v2", R"({"query":"x"})", {{admin_header, admin}}).status == 400);
  client.tree().people().account(member).status = "suspended";
  CHECK(client.Call("users/get_current_account", "null", {{user_header, member}}).Error() ==
        "user_suspended");
}

TEST_CASE("a team space is seen only with the right root") {
  Client client;
  client.tree().people().MakeTeam("Example Ltd");
  client.tree().AddFile("/mine.txt", "x");
  const std::string folder = client.tree().folders().AddTeamFolder("Everybody");
  client.tree().AddFile("/Everybody/ours.txt", "x");
  std::string cursor;
  CHECK(client.List(&cursor).size() == 3);
  client.tree().folders().GiveTeamSpace(client.tree().people().primary().account_id);
  CHECK_MESSAGE(client.List(&cursor).size() == 1, "the home alone");
  const std::string root = client.tree().items().ns(client.tree().people().primary().root).id;
  const auto with = [](const std::string& json) {
    return Headers{{"Dropbox-API-Path-Root", json}};
  };
  const Answer all = client.Call("files/list_folder", R"({"path":"","recursive":true})",
                                 with(R"({".tag":"root","root":")" + root + "\"}"));
  CHECK(all.json["entries"].Size() == 4);
  const Answer wrong =
      client.Call("files/list_folder", R"({"path":""})", with(R"({".tag":"root","root":"1"})"));
  CHECK(wrong.status == 422);
  CHECK(wrong.json["error"]["invalid_root"]["root_namespace_id"].GetString() == root);
  const Answer none = client.Call("files/list_folder", R"({"path":""})",
                                  with(R"({".tag":"namespace_id","namespace_id":"1"})"));
  CHECK(none.Error() == "no_permission");
  const Answer one =
      client.Call("files/list_folder", R"({"path":""})",
                  with(R"({".tag":"namespace_id","namespace_id":")" + folder + "\"}"));
  CHECK(one.json["entries"].Size() == 1);
}

}  // namespace
}  // namespace dbxes::sim

// SPDX-License-Identifier: Apache-2.0
#include "dropbox/access_token.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "dropbox/api_error.h"
#include "dropbox/kept_token.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"

namespace dbxes::dropbox {
namespace {

using Strings = std::vector<std::string>;

constexpr char kUrl[] = "https://api.dropbox.test/oauth2/token";
constexpr Milliseconds kLatency{10};

std::string TokenJson(const std::string& token, const std::string& expires_in) {
  return R"({"access_token":")" + token + R"(","token_type":"bearer","expires_in":)" + expires_in +
         R"(,"scope":"account_info.read files.metadata.read"})";
}

// Secrets that are easy to find where they must not be.
struct TokenWorld {
  TokenWorld() {
    config.app_key = "key &1";
    config.app_secret = config::Secret("app+secret/1");
    config.refresh_token = config::Secret("refresh=token");
    config.api_url = "https://api.dropbox.test";
    network.Route(
        kUrl,
        [this](const FakeRequest& request) {
          requests.push_back(request);
          if (answers.empty()) return FakeAnswer::Json(200, NextToken());
          FakeAnswer answer = answers.front();
          answers.erase(answers.begin());
          return answer;
        },
        kLatency);
  }

  static SenderPolicy Policy() {
    SenderPolicy policy;
    policy.service = "Dropbox";
    policy.judge = JudgeTokenAnswer;
    return policy;
  }
  std::string NextToken() { return TokenJson("sl." + std::to_string(++issued), expires_in); }
  Pending<std::string> Start(const std::string& rejected = "") {
    const Pending<std::string> pending;
    token.Provide(rejected,
                  [pending](Result<std::string> header) { pending.Fulfil(std::move(header)); });
    return pending;
  }
  Result<std::string> Ask(const std::string& rejected = "") { return loop.Await(Start(rejected)); }
  // The header, or the message of the error.
  std::string Header(const std::string& rejected = "") {
    const auto header = Ask(rejected);
    return header ? *header : header.error().message;
  }

  FakeClock clock;
  FakeNetwork network{clock};
  EventLoop loop{network, clock};
  config::DropboxConfig config;
  std::string expires_in = "14400";
  int issued = 0;
  std::vector<FakeAnswer> answers;
  std::vector<FakeRequest> requests;
  RequestSender sender{loop, Policy(), 1};
  AccessToken token{loop, sender, config, HttpTimeouts{}};
};

// Holds what a test puts there, and counts.
struct NotedStore final : TokenStore {
  std::optional<StoredToken> Load() override {
    ++loaded;
    return stored;
  }
  void Keep(const TokenGrant& grant) override { kept.push_back(grant.access_token.Reveal()); }
  void Forget() override { ++forgotten; }

  std::optional<StoredToken> stored;
  Strings kept;
  int loaded = 0;
  int forgotten = 0;
};

std::string Bearer(int number) { return "Authorization: Bearer sl." + std::to_string(number); }

}  // namespace

TEST_CASE("a token request has the form that Dropbox expects, with everything escaped") {
  TokenWorld world;
  CHECK(world.Header() == Bearer(1));
  CHECK(world.token.scopes() == "account_info.read files.metadata.read");
  REQUIRE(world.requests.size() == 1);
  const FakeRequest& request = world.requests[0];
  CHECK(request.method == "POST");
  CHECK(request.url == kUrl);  // no secret in it
  CHECK(request.Header("content-type") == "application/x-www-form-urlencoded");
  CHECK(request.body ==
        "grant_type=refresh_token&refresh_token=refresh%3Dtoken&client_id=key%20%261&"
        "client_secret=app%2Bsecret%2F1");
}

TEST_CASE("a token obtained with PKCE needs no secret") {
  TokenWorld world;
  world.config.app_secret = config::Secret();
  CHECK(world.Header() == Bearer(1));
  CHECK(world.requests.at(0).body ==
        "grant_type=refresh_token&refresh_token=refresh%3Dtoken&client_id=key%20%261");
}

TEST_CASE("one request serves all callers that wait") {
  TokenWorld world;
  std::vector<Pending<std::string>> waiting;
  for (int i = 0; i < 50; ++i) waiting.push_back(world.Start());
  for (const auto& pending : waiting) CHECK(world.loop.Await(pending).value() == Bearer(1));
  CHECK(world.requests.size() == 1);
  // And later callers, at once.
  CHECK(world.Start().Ready());
  CHECK(world.requests.size() == 1);
}

TEST_CASE("one failure is reported to all callers that wait, and the next call tries again") {
  TokenWorld world;
  world.answers = {FakeAnswer::Json(400, R"({"error":"invalid_grant"})")};
  std::vector<Pending<std::string>> waiting;
  for (int i = 0; i < 50; ++i) waiting.push_back(world.Start());
  for (const auto& pending : waiting) {
    const auto header = world.loop.Await(pending);
    REQUIRE_FALSE(header);
    CHECK(header.error().kind == ErrorKind::kAuth);
    CHECK(header.error().tag == "invalid_grant");
  }
  CHECK(world.requests.size() == 1);
  CHECK(world.Header() == Bearer(1));
}

TEST_CASE("an answer that is longer than any token is refused") {
  TokenWorld world;
  world.answers = {FakeAnswer::Json(200, std::string(kMostTokenBytes + 1, ' '))};
  const auto header = world.loop.Await(world.Start());
  REQUIRE_FALSE(header);
  CHECK(header.error().kind == ErrorKind::kInternal);
  CHECK(world.requests.size() == 1);
  CHECK(world.Header() == Bearer(1));
}

TEST_CASE("a token is replaced five minutes before it expires") {
  TokenWorld world;
  REQUIRE(world.Header() == Bearer(1));
  world.clock.Advance(Milliseconds(14'400'000 - 300'000 - 1));
  CHECK(world.Header() == Bearer(1));
  world.clock.Advance(Milliseconds(1));
  CHECK(world.Header() == Bearer(2));
}

TEST_CASE("the wall clock may jump") {
  TokenWorld world;
  REQUIRE(world.Header() == Bearer(1));
  world.clock.JumpWall(std::int64_t{10} * 24 * 3600 * 1'000'000);
  CHECK(world.Header() == Bearer(1));
  world.clock.JumpWall(std::int64_t{-100} * 24 * 3600 * 1'000'000);
  world.clock.Advance(Milliseconds(14'400'000));
  CHECK(world.Header() == Bearer(2));
}

TEST_CASE("a token with a life below twice the margin is used for half of it") {
  TokenWorld world;
  world.expires_in = "60";
  REQUIRE(world.Header() == Bearer(1));
  world.clock.Advance(Milliseconds(29'999));
  CHECK(world.Header() == Bearer(1));
  world.clock.Advance(Milliseconds(1));
  CHECK(world.Header() == Bearer(2));

  // One that has expired on arrival still serves the callers that wait.
  world.expires_in = "0";
  world.clock.Advance(Milliseconds(30'000));
  CHECK(world.Header() == Bearer(3));
  CHECK(world.Header() == Bearer(4));
}

TEST_CASE("without a known lifetime a token is used until it is refused") {
  for (const std::string text :
       {R"({"access_token":"sl.1"})", R"({"access_token":"sl.1","expires_in":null})",
        R"({"access_token":"sl.1","expires_in":-1})",
        R"({"access_token":"sl.1","expires_in":"14400"})",
        R"({"access_token":"sl.1","expires_in":18446744073709551615})"}) {
    CAPTURE(text);
    TokenWorld world;
    world.answers = {FakeAnswer::Json(200, text)};
    world.issued = 1;
    CHECK(world.Header() == Bearer(1));
    CHECK(world.token.scopes().empty());
    world.clock.Advance(Milliseconds(std::int64_t{365} * 24 * 3600 * 1000));
    CHECK(world.Header() == Bearer(1));
    CHECK(world.Header(Bearer(1)) == Bearer(2));
  }
}

TEST_CASE("a refused token is replaced once, however many requests were refused") {
  TokenWorld world;
  REQUIRE(world.Header() == Bearer(1));
  std::vector<Pending<std::string>> waiting;
  for (int i = 0; i < 50; ++i) waiting.push_back(world.Start(Bearer(1)));
  // Callers that need one meanwhile wait for the new one, too.
  waiting.push_back(world.Start());
  for (const auto& pending : waiting) CHECK(world.loop.Await(pending).value() == Bearer(2));
  // A late refusal of the old token does not concern the new one.
  CHECK(world.Header(Bearer(1)) == Bearer(2));
  CHECK(world.requests.size() == 2);
  CHECK(world.Header(Bearer(2)) == Bearer(3));
}

TEST_CASE("a token of an earlier run is used until its time") {
  TokenWorld world;
  NotedStore store;
  store.stored = StoredToken{config::Secret("sl.9"), "account_info.read", Milliseconds(60'000)};
  world.token.KeepIn(store);
  CHECK(world.Header() == Bearer(9));
  CHECK(world.token.scopes() == "account_info.read");
  world.clock.Advance(Milliseconds(59'999));
  CHECK(world.Header() == Bearer(9));
  CHECK(world.requests.empty());
  world.clock.Advance(Milliseconds(1));
  CHECK(world.Header() == Bearer(1));
  CHECK(store.kept == Strings{"sl.1"});
  CHECK(store.loaded == 1);
  CHECK(store.forgotten == 0);
}

TEST_CASE("a token of an earlier run that is refused is thrown away at once, and replaced once") {
  TokenWorld world;
  NotedStore store;
  store.stored = StoredToken{config::Secret("sl.9"), "", Milliseconds(60'000)};
  world.token.KeepIn(store);
  REQUIRE(world.Header() == Bearer(9));
  std::vector<Pending<std::string>> waiting;
  for (int i = 0; i < 50; ++i) waiting.push_back(world.Start(Bearer(9)));
  CHECK(store.forgotten == 1);
  CHECK(store.kept.empty());
  for (const auto& pending : waiting) CHECK(world.loop.Await(pending).value() == Bearer(1));
  CHECK(store.kept == Strings{"sl.1"});
  CHECK(world.requests.size() == 1);
  // A late refusal of the old one does not concern the new one.
  CHECK(world.Header(Bearer(9)) == Bearer(1));
  CHECK(store.forgotten == 1);
}

TEST_CASE("a token that cannot be had leaves none behind") {
  TokenWorld world;
  NotedStore store;
  world.token.KeepIn(store);
  world.answers = {FakeAnswer::Json(400, R"({"error":"invalid_grant"})")};
  CHECK_FALSE(world.Ask());
  CHECK(store.kept.empty());
  world.token.Distrust();
  CHECK(store.forgotten == 1);
  CHECK(world.Header() == Bearer(1));
  CHECK(store.kept == Strings{"sl.1"});
}

TEST_CASE("a late refusal of an old token does not bring back an expired one") {
  TokenWorld world;
  REQUIRE(world.Header() == Bearer(1));
  REQUIRE(world.Header(Bearer(1)) == Bearer(2));
  world.clock.Advance(Milliseconds(14'400'000));
  CHECK(world.Header(Bearer(1)) == Bearer(3));
}

TEST_CASE("an answer without a token is requested again") {
  TokenWorld world;
  world.answers = {FakeAnswer::Json(200, "<html>Please log in</html>"),
                   FakeAnswer::Json(200, "{}"),
                   FakeAnswer::Json(200, R"({"access_token":""})"),
                   FakeAnswer::Json(200, R"({"access_token":null,"expires_in":1})"),
                   FakeAnswer::Json(200, TokenJson("sl.x", "14400").substr(0, 30)),
                   FakeAnswer::Json(503, "busy"),
                   FakeAnswer::Json(429, ""),
                   FakeAnswer::Broken(FakeAnswer::Transport::kReset)};
  CHECK(world.Header() == Bearer(1));
  CHECK(world.requests.size() == 9);
  CHECK(world.sender.counters().retries == 8);
}

TEST_CASE("a refused token request is not retried, and no message has a secret") {
  const Strings bodies = {
      R"({"error":"invalid_grant","error_description":"refresh token is invalid or revoked"})",
      R"({"error":"invalid_grant","error_description":"refresh token refresh=token is malformed"})",
      R"({"error":"invalid_client: Invalid client_id or client_secret"})",
      R"({"error":"invalid_client","error_description":"app+secret/1 is wrong"})",
      R"({"error":"unsupported_grant_type"})",
  };
  for (const std::string& body : bodies) {
    CAPTURE(body);
    TokenWorld world;
    world.answers = {FakeAnswer::Json(400, body)};
    const auto header = world.Ask();
    REQUIRE_FALSE(header);
    CHECK(header.error().kind == ErrorKind::kAuth);
    CHECK(world.requests.size() == 1);
    for (const char* secret :
         {"refresh=token", "refresh%3Dtoken", "app+secret/1", "app%2Bsecret"}) {
      CHECK(header.error().message.find(secret) == std::string::npos);
      CHECK(header.error().tag.find(secret) == std::string::npos);
    }
  }
}

TEST_CASE("a token request that keeps failing gives up in the end") {
  TokenWorld world;
  world.answers.assign(10'000, FakeAnswer::Json(503, "busy"));
  const Milliseconds start = world.clock.Now();
  const auto header = world.Ask();
  REQUIRE_FALSE(header);
  CHECK(header.error().kind == ErrorKind::kTemporary);
  CHECK(world.clock.Now() - start <= SenderPolicy{}.give_up_after + kLatency);
}

}  // namespace dbxes::dropbox

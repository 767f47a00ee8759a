// SPDX-License-Identifier: Apache-2.0
// The rate limiter: a client that waits as announced gets through, others stay refused.

#include "dropbox_sim/rate_limiter.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "dropbox_sim/client.h"
#include "dropbox_sim/control.h"

namespace dbxes::sim {
namespace {

constexpr const char* kRoot = R"({"path":""})";

Options Limited(RateLimit limit) {
  Options options;
  options.rate_limit = std::move(limit);
  return options;
}

RateLimit TwoASecond() {
  RateLimit limit;
  limit.calls_per_s = 2;
  limit.burst = 3;
  return limit;
}

std::optional<std::int64_t> HeaderWait(const Answer& answer) {
  const std::string* header = FindHeader(answer.headers, "Retry-After");
  return header == nullptr ? std::nullopt
                           : std::optional<std::int64_t>(std::atoll(header->c_str()));
}

std::optional<std::int64_t> BodyWait(const Answer& answer) {
  if (!answer.json.IsObject() || !answer.json["error"].HasMember("retry_after"))
    return std::nullopt;
  return answer.json["error"]["retry_after"].GetInt64();
}

std::int64_t AnnouncedSeconds(const Answer& answer) {
  return std::max(HeaderWait(answer).value_or(0), BodyWait(answer).value_or(0));
}

// Calls until one is refused.
Answer Exhaust(Client& client, const char* argument = kRoot) {
  for (int i = 0; i < 1000; ++i) {
    Answer answer = client.Call("files/list_folder", argument);
    if (answer.status == 429) return answer;
    REQUIRE(answer.status == 200);
  }
  FAIL("never refused");
  return {};
}

TEST_CASE("a burst passes, then calls drip") {
  Client client(Limited(TwoASecond()));
  const Answer refused = Exhaust(client);
  CHECK(client.sim().Count("files/list_folder") == 4);
  CHECK(refused.Get("error_summary").find("too_many_requests/") == 0);
  CHECK(refused.json["error"]["reason"][".tag"].GetString() == std::string("too_many_requests"));
  CHECK(HeaderWait(refused) == 1);
  CHECK(BodyWait(refused) == 1);
  client.Advance(1000);
  CHECK(client.Call("files/list_folder", kRoot).status == 200);
  CHECK(client.sim().Violations().empty());
}

TEST_CASE("waiting exactly as announced is always enough") {
  for (const double rate : {0.3, 1.0, 3.0, 7.0}) {
    for (const double factor : {1.0, 30.0}) {
      CAPTURE(rate);
      CAPTURE(factor);
      RateLimit limit = TwoASecond();
      limit.calls_per_s = rate;
      limit.clock_factor = factor;
      Client client(Limited(limit));
      for (int round = 0; round < 20; ++round) {
        client.Advance(1000 * AnnouncedSeconds(Exhaust(client)));
        CHECK(client.Call("files/list_folder", kRoot).status == 200);
      }
      CHECK(client.sim().Violations().empty());
    }
  }
}

TEST_CASE("refused calls count: who ignores the wait never gets out, and is noted") {
  Client client(Limited(TwoASecond()));
  Exhaust(client);
  std::int64_t longest = 0;
  for (int i = 0; i < 500; ++i) {
    client.Advance(100);
    const Answer answer = client.Call("files/list_folder", kRoot);
    CHECK(answer.status == 429);
    longest = std::max(longest, AnnouncedSeconds(answer));
  }
  CHECK(longest > 100);
  CHECK(client.sim().Violations().size() > 400);
  SUBCASE("but the wait is never longer than the longest") {
    for (int i = 0; i < 5000; ++i) client.Call("files/list_folder", kRoot);
    const std::int64_t announced = AnnouncedSeconds(client.Call("files/list_folder", kRoot));
    CHECK(announced == 300);
    client.Advance(1000 * announced);
    CHECK(client.Call("files/list_folder", kRoot).status == 200);
  }
}

TEST_CASE("each authorization has its own bucket, members selected by header too") {
  Options options = Limited(TwoASecond());
  options.tokens.team_token = true;
  Client client(options);
  client.tree().people().MakeTeam("Example Ltd");
  Account colleague;
  colleague.given_name = "Bo";
  const std::string bo = client.tree().people().AddAccount(colleague);
  const auto as = [&](const std::string& member) {
    return client.Call("files/list_folder", kRoot, {{"Dropbox-API-Select-User", member}}).status;
  };
  const std::string ana_member = client.tree().people().primary().team_member_id;
  const std::string bo_member = client.tree().people().account(bo).team_member_id;
  for (int i = 0; i < 3; ++i) CHECK(as(ana_member) == 200);
  CHECK(as(ana_member) == 429);
  CHECK(as(bo_member) == 200);
  CHECK(client.Call("team/get_info", "null").status == 200);
  // A new token is no new authorization.
  client.token = client.sim().tokens().Mint(client.now_ms());
  CHECK(as(ana_member) == 429);
}

TEST_CASE("only some routes, if so announced; a token that is no good is refused as such") {
  RateLimit limit = TwoASecond();
  limit.route = "files/*";
  Client client(Limited(limit));
  Exhaust(client);
  CHECK(client.Call("users/get_current_account", "null").status == 200);
  client.sim().tokens().ExpireAll();
  CHECK(client.Call("files/list_folder", kRoot).status == 401);
}

TEST_CASE("where a refusal announces its wait") {
  using WaitIn = RateLimit::WaitIn;
  RateLimit limit = TwoASecond();
  limit.min_wait_s = 15;
  SUBCASE("in the header") {
    limit.wait_in = WaitIn::kHeader;
    Client client(Limited(limit));
    const Answer answer = Exhaust(client);
    CHECK(HeaderWait(answer) == 15);
    CHECK(!BodyWait(answer));
  }
  SUBCASE("in the body") {
    limit.wait_in = WaitIn::kBody;
    Client client(Limited(limit));
    const Answer answer = Exhaust(client);
    CHECK(!HeaderWait(answer));
    CHECK(BodyWait(answer) == 15);
  }
  SUBCASE("nowhere, which promises nothing") {
    limit.wait_in = WaitIn::kNeither;
    Client client(Limited(limit));
    const Answer answer = Exhaust(client);
    CHECK(!HeaderWait(answer));
    CHECK(!BodyWait(answer));
    client.Advance(1);
    CHECK(client.Call("files/list_folder", kRoot).status == 429);
    CHECK(client.sim().Violations().empty());
  }
  SUBCASE("in text, beside a header") {
    limit.text_body = true;
    Client client(Limited(limit));
    const Answer answer = Exhaust(client);
    CHECK(answer.json.HasParseError());
    CHECK(HeaderWait(answer) == 15);
  }
  SUBCASE("twice and differently: the longer one holds") {
    limit.wait_in = WaitIn::kDisagreeing;
    std::set<std::int64_t> headers;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      Options options = Limited(limit);
      options.seed = seed;
      Client client(options);
      const Answer answer = Exhaust(client);
      headers.insert(HeaderWait(answer).value());
      CHECK(HeaderWait(answer) != BodyWait(answer));
      CHECK(AnnouncedSeconds(answer) == 15);
      client.Advance(14000);
      client.Call("files/list_folder", kRoot);
      CHECK(client.sim().Violations().size() == 1);
    }
    CHECK(headers == std::set<std::int64_t>{0, 15});
  }
  SUBCASE("in any way") {
    limit.wait_in = WaitIn::kMixed;
    std::set<std::pair<bool, bool>> ways;
    bool text = false;
    Client client(Limited(limit));
    Exhaust(client);
    for (int i = 0; i < 100; ++i) {
      const Answer answer = client.Call("files/list_folder", kRoot);
      ways.emplace(HeaderWait(answer).has_value(), BodyWait(answer).has_value());
      text = text || answer.json.HasParseError();
    }
    CHECK(ways.size() == 4);
    CHECK(text);
  }
}

TEST_CASE("the control interface sets and lifts a limit") {
  Client client;
  const auto order = [&](const char* body) {
    Request request;
    request.target = "/control/rate-limit";
    request.body = body;
    return HandleControl(&client.sim(), request).status;
  };
  CHECK(order(R"({"calls_per_s":0.5,"burst":1,"wait_in":"header","clock_factor":2.5})") == 200);
  CHECK(HeaderWait(Exhaust(client)) == 2);  // 2 calls over, at 1.25 a second
  CHECK(order("{}") == 200);
  for (int i = 0; i < 50; ++i) CHECK(client.Call("files/list_folder", kRoot).status == 200);
  CHECK(order(R"({"calls_per_s":1,"wait_in":"loudly"})") == 400);
  CHECK(order(R"({"calls_per_s":1,"clock_factor":0})") == 400);
}

}  // namespace
}  // namespace dbxes::sim

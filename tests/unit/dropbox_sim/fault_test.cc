// SPDX-License-Identifier: Apache-2.0
// Faults hit the requests that they are meant for, and the books record violations.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dropbox_sim/client.h"
#include "dropbox_sim/control.h"

namespace dbxes::sim {
namespace {

constexpr const char* kRoot = R"({"path":""})";

std::vector<int> Statuses(Client& client, int calls) {
  std::vector<int> statuses;
  for (int i = 0; i < calls; ++i)
    statuses.push_back(client.Call("files/list_folder", kRoot).status);
  return statuses;
}

TEST_CASE("which calls a fault hits") {
  Client client;
  SUBCASE("the first") {
    client.sim().Inject(Fault::Status("files/list_folder", 500));
    CHECK(Statuses(client, 3) == std::vector<int>{500, 200, 200});
  }
  SUBCASE("two, after one") {
    client.sim().Inject(Fault::Html("files/*", 503).Skip(1).Times(2));
    CHECK(Statuses(client, 4) == std::vector<int>{200, 503, 503, 200});
  }
  SUBCASE("each second") {
    client.sim().Inject(Fault::Status("files/list_folder", 500).Times(0).Every(2));
    CHECK(Statuses(client, 4) == std::vector<int>{200, 500, 200, 500});
  }
  SUBCASE("by argument") {
    client.sim().Inject(Fault::Status("*", 500).Matching("/other"));
    CHECK(Statuses(client, 2) == std::vector<int>{200, 200});
    CHECK(client.sim().faults().struck() == 0);
  }
  SUBCASE("by chance, the same for the same seed") {
    client.sim().Inject(Fault::Status("*", 500).Times(0).Chance(0.5));
    Client twin;
    twin.sim().Inject(Fault::Status("*", 500).Times(0).Chance(0.5));
    CHECK(Statuses(client, 20) == Statuses(twin, 20));
  }
}

TEST_CASE("what a fault does") {
  Client client;
  client.tree().AddFile("/a.txt", "hello");
  SUBCASE("endpoint error") {
    client.sim().Inject(Fault::EndpointError("files/list_folder", "path/not_found"));
    CHECK(client.Call("files/list_folder", kRoot).Error() == "path/not_found");
  }
  SUBCASE("half a page") {
    client.sim().Inject(Fault::Simple("files/list_folder", Fault::Kind::kHalfJson));
    const Answer answer = client.Call("files/list_folder", kRoot);
    CHECK(answer.status == 200);
    CHECK(answer.json.HasParseError());
  }
  SUBCASE("an entry of an unknown kind, beside the right ones") {
    client.sim().Inject(Fault::Simple("files/list_folder", Fault::Kind::kUnknownTag));
    const Answer answer = client.Call("files/list_folder", kRoot);
    REQUIRE(answer.json["entries"].Size() == 2);
    CHECK(answer.json["entries"][0][".tag"].GetString() == std::string("hologram"));
  }
  SUBCASE("a cursor for ever") {
    std::string cursor = client.Call("files/list_folder", kRoot).Get("cursor");
    client.sim().Inject(
        Fault::Simple("files/list_folder/continue", Fault::Kind::kRepeatCursor).Times(0));
    for (int i = 0; i < 3; ++i) {
      const Answer answer =
          client.Call("files/list_folder/continue", R"({"cursor":")" + cursor + "\"}");
      CHECK(answer.Get("cursor") == cursor);
      CHECK(answer.json["has_more"].GetBool());
    }
  }
  SUBCASE("expired token") {
    client.sim().Inject(Fault::Simple("files/list_folder", Fault::Kind::kExpiredToken));
    CHECK(Statuses(client, 2) == std::vector<int>{401, 401});
    client.token = client.sim().tokens().Mint(client.now_ms());
    CHECK(Statuses(client, 1) == std::vector<int>{200});
  }
  SUBCASE("transport") {
    TransportFault cut;
    cut.kind = TransportFault::Kind::kCutBody;
    cut.at_byte = 2;
    client.sim().Inject(Fault::Transport("files/download", cut));
    const Answer answer = client.Download("files/download", R"({"path":"/a.txt"})");
    CHECK(answer.text == "hello");
    CHECK(answer.fault.kind == TransportFault::Kind::kCutBody);
    CHECK(answer.fault.at_byte == 2);
  }
}

TEST_CASE("a promised wait") {
  Client client;
  Fault limit = Fault::RateLimit("files/list_folder", 15);
  limit.body_wait_s = 5;  // the larger one counts
  client.sim().Inject(limit);
  const Answer answer = client.Call("files/list_folder", kRoot);
  CHECK(answer.status == 429);
  CHECK(*FindHeader(answer.headers, "Retry-After") == "15");
  CHECK(answer.json["error"]["retry_after"].GetInt() == 5);
  CHECK_MESSAGE(client.Call("users/get_current_account", "null").status == 200,
                "same instant: was under way");
  CHECK(client.sim().Violations().empty());
  client.Advance(14999);
  client.Call("users/get_current_account", "null");
  CHECK(client.sim().Violations().size() == 1);
  client.Advance(1);
  client.Call("files/list_folder", kRoot);
  CHECK(client.sim().Violations().size() == 1);
}

TEST_CASE("asking again after a permanent error") {
  Client client;
  const char* arg = R"({"path":"/nowhere"})";
  CHECK(client.Call("files/get_metadata", arg).Error() == "path/not_found");
  CHECK(client.sim().Violations().empty());
  client.Call("files/get_metadata", R"({"path":"/elsewhere"})");
  CHECK(client.sim().Violations().empty());
  SUBCASE("is a violation") {
    client.Call("files/get_metadata", arg);
    CHECK(client.sim().Violations().size() == 1);
  }
  SUBCASE("is fine in the next run") {
    client.sim().BeginRun();
    client.Call("files/get_metadata", arg);
    CHECK(client.sim().Violations().empty());
  }
  SUBCASE("is fine when the tree has changed") {
    client.tree().AddFile("/nowhere", "x");
    CHECK(client.Call("files/get_metadata", arg).status == 200);
    CHECK(client.sim().Violations().empty());
  }
}

TEST_CASE("asking again after the page of a proxy is no violation") {
  Client client;
  client.sim().Inject(Fault::Status("files/list_folder", 403, "<html>blocked</html>").Times(2));
  CHECK(Statuses(client, 3) == std::vector<int>{403, 403, 200});
  CHECK(client.sim().Violations().empty());
  client.sim().Inject(Fault::Status("files/list_folder", 400, "Error in call"));
  CHECK(Statuses(client, 2) == std::vector<int>{400, 200});
  CHECK(client.sim().Violations().size() == 1);
}

TEST_CASE("the books keep no secret") {
  Client client;
  client.Call("files/list_folder", kRoot);
  client.Form(
      "grant_type=refresh_token&refresh_token=sim-refresh-token&client_id=sim-app-key&client_"
      "secret=sim-app-secret");
  REQUIRE(client.sim().books().requests().size() == 2);
  for (const LoggedRequest& request : client.sim().books().requests()) {
    std::string all = request.argument + request.caller;
    for (const auto& [name, value] : request.headers) all += value;
    for (const std::string& secret : client.sim().tokens().Secrets())
      CHECK(all.find(secret) == std::string::npos);
  }
}

TEST_CASE("the control interface changes the tree and says what is wrong") {
  Client client;
  const auto control = [&](const std::string& name, const std::string& body) {
    Request request;
    request.target = "/control/" + name;
    request.body = body;
    if (body.empty()) request.method = "GET";
    return HandleControl(&client.sim(), request);
  };
  CHECK(control("tree/add_file", R"({"path":"/a.txt","text":"x"})").status == 200);
  CHECK(control("tree/add_file", R"({"text":"x"})").status == 400);
  CHECK(control("tree/move", R"({"from":"/nowhere","to":"/b"})").status == 400);
  CHECK(control("tree/no_such", "{}").status == 400);
  CHECK(control("faults", R"({"kind":"no such kind"})").status == 400);
  CHECK(control("faults", R"({"kind":"html","status":503,"route":"files/*"})").status == 200);
  CHECK(client.Call("files/list_folder", kRoot).status == 503);
  CHECK(control("snapshot", "").body->find("\"path_lower\":\"/a.txt\"") != std::string::npos);
  CHECK(*control("violations", "").body == "[]\n");
  CHECK(*control("content?path=/a.txt", "").body == "x");
}

}  // namespace
}  // namespace dbxes::sim

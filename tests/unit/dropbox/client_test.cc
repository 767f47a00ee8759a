// SPDX-License-Identifier: Apache-2.0
#include "dropbox/client.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json/json.h"
#include "dropbox/dropbox_world.h"
#include "dropbox/files.h"
#include "dropbox/sharing.h"

namespace dbxes::dropbox {
namespace {

using Strings = std::vector<std::string>;

Result<void> AcceptAll(HttpResponse&) { return {}; }

sim::Options TeamToken() {
  sim::Options options;
  options.tokens.team_token = true;
  return options;
}

// Paths of the entries of a page; or the error's tag or message.
Strings Listed(const Result<HttpResponse>& answer) {
  if (!answer) return {answer.error().tag.empty() ? answer.error().message : answer.error().tag};
  const auto json = ParseJson(answer->body, "a page");
  REQUIRE(json);
  Strings paths;
  for (const auto& entry : (*json)["entries"].GetArray()) {
    paths.emplace_back(StringMember(entry, "path_lower"));
  }
  return paths;
}

Result<HttpResponse> List(DropboxWorld& world, const std::string& path = "") {
  return world.loop.Await(ListFolder(world.client(), path, "", AcceptAll));
}
Result<HttpResponse> Continue(DropboxWorld& world, const std::string& cursor) {
  return world.loop.Await(ListFolderContinue(world.client(), cursor, "", AcceptAll));
}
std::string CursorOf(const Result<HttpResponse>& answer) {
  REQUIRE(answer);
  return std::string(StringMember(*ParseJson(answer->body, "a page"), "cursor"));
}
Account Discover(DropboxWorld& world) {
  const auto account = world.client().DiscoverAccount();
  REQUIRE_MESSAGE(account, account.error().message);
  return *account;
}

}  // namespace

TEST_CASE("a user token belongs to its account") {
  DropboxWorld world;
  world.tree().AddFile("/a.txt", "x");
  const Account account = Discover(world);
  const sim::Account& primary = world.tree().people().primary();
  CHECK(account.account_id == primary.account_id);
  CHECK(account.email == primary.email);
  CHECK(account.team_member_id.empty());
  CHECK(account.home_namespace_id == world.tree().items().ns(primary.home).id);
  CHECK_FALSE(account.HasTeamSpace());

  world.client().ActAs(account);
  CHECK(Listed(List(world)) == Strings{"/a.txt"});
  for (const FakeRequest& request : world.Requests("files/list_folder")) {
    CHECK(request.Header("dropbox-api-select-user").empty());
    CHECK(request.Header("dropbox-api-path-root").empty());
  }
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a team token acts as the admin who authorized it") {
  DropboxWorld world(TeamToken());
  world.tree().people().MakeTeam("Acme");
  world.tree().AddFile("/a.txt", "x");
  const Account account = Discover(world);
  const std::string member = world.tree().people().primary().team_member_id;
  CHECK(account.account_id == world.tree().people().primary().account_id);
  CHECK(account.team_member_id == member);
  CHECK(world.Requests("team/token/get_authenticated_admin")
            .at(0)
            .Header("dropbox-api-select-user") == "");

  world.client().ActAs(account);
  CHECK(Listed(List(world)) == Strings{"/a.txt"});
  CHECK(world.Requests("files/list_folder").at(0).Header("dropbox-api-select-user") == member);
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a team space is listed from its root, which is named by its number") {
  DropboxWorld world;
  world.tree().people().MakeTeam("Acme");
  world.tree().folders().GiveTeamSpace(world.tree().people().primary().account_id);
  world.tree().AddFile("/mine.txt", "x");
  const Account account = Discover(world);
  CHECK(account.HasTeamSpace());
  CHECK(account.root_namespace_id ==
        world.tree().items().ns(world.tree().people().primary().root).id);
  world.client().ActAs(account);
  const Strings paths = Listed(List(world));
  const std::string home = world.tree().people().primary().home_path;
  REQUIRE_FALSE(home.empty());
  bool found = false;
  for (const std::string& path : paths) {
    found = found || (path.size() > 9 && path.substr(path.size() - 9) == "/mine.txt");
    CHECK(path != "/mine.txt");
  }
  CHECK(found);
  CHECK(world.Requests("files/list_folder").at(0).Header("dropbox-api-path-root") ==
        R"({".tag":"root","root":")" + account.root_namespace_id + "\"}");
  CHECK(world.simulator.Violations() == Strings());
}

// A run asks again whose token it is, while its requests are under way.
TEST_CASE("asking for the account leaves in whose name others act as it is") {
  DropboxWorld world(TeamToken());
  world.tree().people().MakeTeam("Acme");
  world.tree().folders().GiveTeamSpace(world.tree().people().primary().account_id);
  world.tree().AddFile("/mine.txt", "x");
  const Account account = Discover(world);
  world.client().ActAs(account);
  const Strings before = Listed(List(world));
  CHECK(Discover(world).SeesAs(account));
  CHECK(Listed(List(world)) == before);
  for (const FakeRequest& request : world.Requests("files/list_folder")) {
    CHECK(request.Header("dropbox-api-select-user") == account.team_member_id);
    CHECK(request.Header("dropbox-api-path-root") ==
          R"({".tag":"root","root":")" + account.root_namespace_id + "\"}");
  }
  for (const FakeRequest& request : world.Requests("users/get_current_account")) {
    CHECK(request.Header("dropbox-api-path-root") == "");
  }
}

TEST_CASE("a root that is no number stays within its header's JSON") {
  DropboxWorld world;
  Account account = Discover(world);
  account.root_namespace_id = "1\"},\r\nX: \"";
  world.client().ActAs(account);
  CHECK_FALSE(List(world));
  CHECK(world.Requests("files/list_folder").at(0).Header("dropbox-api-path-root") ==
        R"({".tag":"root","root":"1\"},\r\nX: \""})");
}

TEST_CASE("an account that moved to another root is an error") {
  DropboxWorld world;
  world.tree().people().MakeTeam("Acme");
  world.tree().folders().GiveTeamSpace(world.tree().people().primary().account_id);
  world.tree().AddFile("/mine.txt", "x");
  Account account = Discover(world);
  account.root_namespace_id = "987654321";
  world.client().ActAs(account);
  const auto listed = List(world);
  REQUIRE_FALSE(listed);
  CHECK(listed.error().kind == ErrorKind::kRootChanged);
  CHECK(listed.error().http_status == 422);
  const auto continued = Continue(world, "any");
  REQUIRE_FALSE(continued);
  CHECK(continued.error().kind == ErrorKind::kRootChanged);
}

TEST_CASE("an account that cannot be read is an error with its reason") {
  DropboxWorld world;
  SUBCASE("an unknown token") {
    world.simulator.tokens().RevokeRefreshToken();
    const auto account = world.client().DiscoverAccount();
    REQUIRE_FALSE(account);
    CHECK(account.error().kind == ErrorKind::kAuth);
    CHECK(account.error().tag == "invalid_grant");
    CHECK(account.error().message.find("team") == std::string::npos);
    CHECK(world.Requests("oauth2/token").size() == 1);
  }
  SUBCASE("a scope is missing") {
    world.simulator.tokens().SetScopes(0, "files.metadata.read");
    const auto account = world.client().DiscoverAccount();
    REQUIRE_FALSE(account);
    CHECK(account.error().kind == ErrorKind::kPermission);
    CHECK(account.error().message.find("account_info.read") != std::string::npos);
  }
  SUBCASE("an answer without an account") {
    world.intercept = [](const FakeRequest& request) -> std::optional<FakeAnswer> {
      if (request.target != "/2/users/get_current_account") return std::nullopt;
      return FakeAnswer::Json(200, "{}");
    };
    const auto account = world.client().DiscoverAccount();
    REQUIRE_FALSE(account);
    CHECK(account.error().kind == ErrorKind::kTemporary);
    CHECK(account.error().message.find("Dropbox's account answer holds no account_id; gave up") ==
          0);
  }
}

TEST_CASE("an answer about the account that was cut short is requested again") {
  DropboxWorld world;
  world.simulator.Inject(
      sim::Fault::Simple("users/get_current_account", sim::Fault::Kind::kHalfJson));
  const auto account = world.client().DiscoverAccount();
  REQUIRE_MESSAGE(account, account.error().message);
  CHECK(world.Requests("users/get_current_account").size() == 2);

  DropboxWorld team(TeamToken());
  team.tree().people().MakeTeam("Acme");
  const std::string route = "team/token/get_authenticated_admin";
  team.simulator.Inject(sim::Fault::Simple(route, sim::Fault::Kind::kHalfJson));
  team.simulator.Inject(sim::Fault::Status(route, 200, R"({"admin_profile":null})"));
  CHECK(Discover(team).team_member_id == team.tree().people().primary().team_member_id);
  CHECK(team.Requests(route).size() == 3);
}

TEST_CASE("a page of a listing may be longer than other answers, and no answer fills the memory") {
  constexpr std::size_t kMiB = std::size_t{1} << 20;
  DropboxWorld world;
  std::size_t length = 0;
  int status = 200;
  world.intercept = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.url.ends_with("/oauth2/token")) return std::nullopt;
    return FakeAnswer::Json(status, std::string(length, ' '));
  };
  const auto error_of = [&](const char* route) -> std::optional<ErrorKind> {
    const auto answer = world.loop.Await(world.client().Rpc(route, "null", Client::Headers::kUser));
    return answer ? std::nullopt : std::optional(answer.error().kind);
  };
  length = 32 * kMiB;
  CHECK(error_of("sharing/list_folders") == std::nullopt);
  ++length;
  CHECK(error_of("sharing/list_folders") == ErrorKind::kInternal);
  CHECK(error_of("files/list_folder") == std::nullopt);
  CHECK(error_of("files/list_folder/continue") == std::nullopt);
  length = 128 * kMiB + 1;
  CHECK(error_of("files/list_folder/continue") == ErrorKind::kInternal);
  CHECK(world.retries.empty());  // what is too long once is not requested again
  // Of a message, as much is read as a message needs.
  status = 403;
  length = kMiB + 1;
  const auto kind = error_of("files/list_folder");
  length = 10;
  CHECK(error_of("files/list_folder") == kind);
  CHECK(kind != ErrorKind::kInternal);
}

TEST_CASE("temporary errors are retried without the caller noticing") {
  DropboxWorld world;
  world.tree().AddFile("/a.txt", "x");
  const std::string cursor = CursorOf(List(world));
  const std::string route = "files/list_folder/continue";
  using Kind = sim::TransportFault::Kind;
  sim::TransportFault stall;
  stall.kind = Kind::kStallBeforeHeaders;
  stall.delay_ms = 3'600'000;
  sim::TransportFault reset;
  reset.kind = Kind::kResetInBody;
  world.simulator.Inject(sim::Fault::Status(route, 500));
  world.simulator.Inject(sim::Fault::Html(route, 502));
  world.simulator.Inject(sim::Fault::RateLimit(route, 15));
  world.simulator.Inject(sim::Fault::Transport(route, reset));
  world.simulator.Inject(sim::Fault::Transport(route, stall));
  world.simulator.Inject(sim::Fault::Simple(route, sim::Fault::Kind::kExpiredToken));
  world.simulator.Inject(sim::Fault::EndpointError(route, "too_many_write_operations"));
  REQUIRE(Continue(world, cursor));
  CHECK(world.Requests(route).size() == 8);
  CHECK(world.retries.size() == 7);
  CHECK(world.Requests("oauth2/token").size() == 2);
  const SenderCounters counters = world.client().counters();
  CHECK(counters.requests == 11);  // two tokens, one listing, eight tries
  CHECK(counters.retries == 7);
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a token that expires during a run is replaced, one that stays refused is an error") {
  DropboxWorld world;
  REQUIRE(List(world));
  world.simulator.tokens().ExpireAll();
  REQUIRE(List(world));
  CHECK(world.Requests("oauth2/token").size() == 2);
  world.simulator.Inject(
      sim::Fault::Simple("files/list_folder", sim::Fault::Kind::kExpiredToken).Times(0));
  const auto listed = List(world);
  REQUIRE_FALSE(listed);
  CHECK(listed.error().kind == ErrorKind::kAuth);
  CHECK(listed.error().tag == "expired_access_token");
  CHECK(listed.error().message.find("dbx-es auth") == std::string::npos);
  CHECK(listed.error().message.find("sync.give_up_after") != std::string::npos);
  CHECK(world.Requests("oauth2/token").size() < 100);
  for (const std::string& secret : world.simulator.tokens().Secrets()) {
    CHECK(listed.error().message.find(secret) == std::string::npos);
  }
}

TEST_CASE("a client may be destroyed with requests in flight") {
  auto world = std::make_unique<DropboxWorld>();
  const auto listing = ListFolder(world->client(), "", "", AcceptAll);
  const auto received = ListReceivedFiles(world->client(), "");
  world->loop.RunOnce();
  world.reset();
  CHECK_FALSE(listing.Ready());
  CHECK_FALSE(received.Ready());
}

}  // namespace dbxes::dropbox

// SPDX-License-Identifier: Apache-2.0
#include "dropbox/client.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "dropbox/dropbox_world.h"

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
  return world.loop.Await(world.client().ListFolder(path, "", AcceptAll));
}
Result<HttpResponse> Continue(DropboxWorld& world, const std::string& cursor) {
  return world.loop.Await(world.client().ListFolderContinue(cursor, "", AcceptAll));
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
  const sim::Account& primary = world.tree().primary();
  CHECK(account.account_id == primary.account_id);
  CHECK(account.email == primary.email);
  CHECK(account.team_member_id.empty());
  CHECK(account.home_namespace_id == world.tree().ns(primary.home).id);
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
  world.tree().MakeTeam("Acme");
  world.tree().AddFile("/a.txt", "x");
  const Account account = Discover(world);
  const std::string member = world.tree().primary().team_member_id;
  CHECK(account.account_id == world.tree().primary().account_id);
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
  world.tree().MakeTeam("Acme");
  world.tree().GiveTeamSpace(world.tree().primary().account_id);
  world.tree().AddFile("/mine.txt", "x");
  const Account account = Discover(world);
  CHECK(account.HasTeamSpace());
  CHECK(account.root_namespace_id == world.tree().ns(world.tree().primary().root).id);
  world.client().ActAs(account);
  const Strings paths = Listed(List(world));
  const std::string home = world.tree().primary().home_path;
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

TEST_CASE("an account that moves to another root is noticed") {
  DropboxWorld world;
  world.tree().MakeTeam("Acme");
  world.tree().GiveTeamSpace(world.tree().primary().account_id);
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
  SUBCASE("no such token") {
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
  SUBCASE("an answer that is none") {
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

TEST_CASE("an answer about who somebody is that was cut short is asked for again") {
  DropboxWorld world;
  world.simulator.Inject(
      sim::Fault::Simple("users/get_current_account", sim::Fault::Kind::kHalfJson));
  const auto account = world.client().DiscoverAccount();
  REQUIRE_MESSAGE(account, account.error().message);
  CHECK(world.Requests("users/get_current_account").size() == 2);

  DropboxWorld team(TeamToken());
  team.tree().MakeTeam("Acme");
  const std::string route = "team/token/get_authenticated_admin";
  team.simulator.Inject(sim::Fault::Simple(route, sim::Fault::Kind::kHalfJson));
  team.simulator.Inject(sim::Fault::Status(route, 200, R"({"admin_profile":null})"));
  CHECK(Discover(team).team_member_id == team.tree().primary().team_member_id);
  CHECK(team.Requests(route).size() == 3);
}

TEST_CASE("one entry by its path or its id, as a page of one") {
  DropboxWorld world;
  const std::string id = world.tree().AddFile("/A.txt", "x");
  const auto get = [&](const std::string& path_or_id) {
    return world.loop.Await(world.client().GetMetadata(path_or_id, AcceptAll));
  };
  CHECK(Listed(get("/a.txt")) == Strings{"/a.txt"});
  CHECK(Listed(get(id)) == Strings{"/a.txt"});
  CHECK(world.Requests("files/get_metadata").at(0).body ==
        R"({"path":"/a.txt","include_has_explicit_shared_members":true})");
  const auto absent = get("/absent");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::kNotFound);
  world.simulator.Inject(sim::Fault::Status("files/get_metadata", 403, "no"));
  CHECK(get("/a.txt").error().kind == ErrorKind::kPermission);
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a listing asks for everything below, and for nothing else") {
  DropboxWorld world;
  world.tree().AddFile("/Q\"uote\\/\xf0\x9f\x98\x80.txt", "x");
  REQUIRE(List(world, "/q\"uote\\"));
  const FakeRequest request = world.Requests("files/list_folder").at(0);
  CHECK(request.method == "POST");
  CHECK(request.Header("content-type") == "application/json");
  CHECK(request.Header("authorization").substr(0, 7) == "Bearer ");
  CHECK(request.body ==
        R"({"path":"/q\"uote\\","recursive":true,"include_has_explicit_shared_members":true,)"
        R"("limit":2000})");
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("what cannot be listed says why, and that nothing was deleted") {
  DropboxWorld world;
  world.tree().AddFile("/file.txt", "x");
  const auto absent = List(world, "/absent");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::kNotFound);
  CHECK(absent.error().message ==
        "Dropbox has no folder /absent (dropbox.path); nothing was deleted. Correct the path");
  const auto file = List(world, "/file.txt");
  REQUIRE_FALSE(file);
  CHECK(file.error().kind == ErrorKind::kConfig);
  CHECK(file.error().message ==
        "/file.txt (dropbox.path) is a file in Dropbox, not a folder; nothing was deleted");
  for (const std::string tag : {"path/restricted_content", "path/malformed_path", "path/other"}) {
    world.simulator.Inject(sim::Fault::EndpointError("files/list_folder", tag));
    const auto refused = List(world);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::kConfig);
    CHECK(refused.error().message == "Dropbox cannot list / (dropbox.path): " + tag);
  }
}

TEST_CASE("every way in which a cursor can be of no use calls for a fresh listing") {
  DropboxWorld world;
  world.tree().AddFile("/a.txt", "x");
  const std::string cursor = CursorOf(List(world));
  for (const std::string tag : {"reset", "path/not_found", "path/other", "other", "brand_new"}) {
    CAPTURE(tag);
    world.simulator.Inject(sim::Fault::EndpointError("files/list_folder/continue", tag));
    const auto continued = Continue(world, cursor);
    REQUIRE_FALSE(continued);
    CHECK(continued.error().kind == ErrorKind::kCursorReset);
    CHECK(continued.error().tag == tag);
  }
  const auto malformed = Continue(world, "no cursor");
  REQUIRE_FALSE(malformed);
  CHECK(malformed.error().kind == ErrorKind::kCursorReset);
  CHECK(malformed.error().http_status == 400);

  // Other refusals leave the cursor alone.
  world.simulator.Inject(sim::Fault::Status("files/list_folder/continue", 400, "Bad day"));
  CHECK(Continue(world, cursor).error().kind == ErrorKind::kInternal);
  world.simulator.Inject(sim::Fault::Status("files/list_folder/continue", 403, "No"));
  CHECK(Continue(world, cursor).error().kind == ErrorKind::kPermission);
  CHECK(Continue(world, cursor));
}

TEST_CASE("troubles on the way are overcome without a word to the caller") {
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

TEST_CASE("a token that dies in the middle is replaced, one that stays refused is an error") {
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
  CHECK(world.Requests("oauth2/token").size() == 3);
  for (const std::string& secret : world.simulator.tokens().Secrets()) {
    CHECK(listed.error().message.find(secret) == std::string::npos);
  }
}

TEST_CASE("received files come page by page") {
  DropboxWorld world;
  std::set<std::string> expected;
  for (int i = 0; i < 650; ++i) {
    expected.insert(world.tree().AddReceivedFile("offer" + std::to_string(i) + ".txt", "x"));
  }
  std::set<std::string> ids;
  std::string cursor;
  int pages = 0;
  do {
    auto page = world.loop.Await(world.client().ListReceivedFiles(cursor));
    REQUIRE_MESSAGE(page, page.error().message);
    for (const ReceivedFile& file : page->files) {
      CHECK(ids.insert(file.id).second);
      CHECK(file.name.substr(0, 5) == "offer");
      CHECK_FALSE(file.preview_url.empty());
    }
    cursor = page->cursor;
    ++pages;
  } while (!cursor.empty());
  CHECK(ids == expected);
  CHECK(pages == 3);
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a received file has a place only where it is mounted") {
  DropboxWorld world;
  world.intercept = [](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.target != "/2/sharing/list_received_files") return std::nullopt;
    return FakeAnswer::Json(200, R"({"entries":[
        {"id":"id:1","name":"one","preview_url":"https://1","path_lower":"/one",
         "path_display":"/One","policy":{"id":"id:bait"}},
        {"id":"id:2","name":"two","preview_url":"https://2","path_lower":null},
        {"id":"id:3","name":"three","preview_url":"https://3"}],"cursor":null})");
  };
  const auto page = world.loop.Await(world.client().ListReceivedFiles(""));
  REQUIRE(page);
  REQUIRE(page->files.size() == 3);
  CHECK(page->files[0].id == "id:1");
  CHECK(page->files[0].name == "one");
  CHECK(page->files[0].preview_url == "https://1");
  CHECK(page->files[0].path_lower == "/one");
  CHECK(page->files[1].path_lower.empty());
  CHECK(page->files[2].path_lower.empty());
  CHECK(page->cursor.empty());
}

TEST_CASE("a page of received files that is none is asked for again") {
  DropboxWorld world;
  world.tree().AddReceivedFile("offer.txt", "x");
  world.simulator.Inject(
      sim::Fault::Simple("sharing/list_received_files", sim::Fault::Kind::kHalfJson));
  world.simulator.Inject(
      sim::Fault::Status("sharing/list_received_files", 200, R"({"entries":7})"));
  const auto page = world.loop.Await(world.client().ListReceivedFiles(""));
  REQUIRE_MESSAGE(page, page.error().message);
  CHECK(page->files.size() == 1);
  CHECK(world.retries.size() == 2);
}

TEST_CASE("received files that may not be listed say what was tried") {
  DropboxWorld world;
  world.simulator.tokens().SetScopes(0, "account_info.read files.metadata.read");
  const auto page = world.loop.Await(world.client().ListReceivedFiles(""));
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::kPermission);
  CHECK(page.error().message.substr(0, 24) == "listing received files: ");
  CHECK(page.error().message.find("sharing.read") != std::string::npos);
}

TEST_CASE("a link tells of its file") {
  DropboxWorld world;
  const std::string id = world.tree().AddReceivedFile("offer.txt", "12345");
  const std::string url = world.tree().received_file(id).url;
  const auto file = world.loop.Await(world.client().GetSharedLinkMetadata(url));
  REQUIRE_MESSAGE(file, file.error().message);
  CHECK(file->name == "offer.txt");
  CHECK(file->size == 5);
  CHECK_FALSE(file->rev.empty());
  CHECK_FALSE(file->client_modified.empty());
  CHECK_FALSE(file->server_modified.empty());
  CHECK_FALSE(file->url.empty());
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a link that fails is one file's failure, soon told") {
  DropboxWorld world;
  const std::string id = world.tree().AddReceivedFile("offer.txt", "12345");
  const std::string url = world.tree().received_file(id).url;
  const std::string route = "sharing/get_shared_link_metadata";
  const auto ask = [&] { return world.loop.Await(world.client().GetSharedLinkMetadata(url)); };

  SUBCASE("gone or closed") {
    for (const std::string tag :
         {"shared_link_not_found", "shared_link_access_denied", "unsupported_link_type", "other"}) {
      world.simulator.Inject(sim::Fault::EndpointError(route, tag));
      const auto file = ask();
      REQUIRE_FALSE(file);
      CHECK(file.error().kind == ErrorKind::kRejectedDocument);
      CHECK(file.error().tag == tag);
      CHECK(file.error().message.substr(0, 30) == "reading a received file's link");
    }
    CHECK(world.retries.empty());
  }
  SUBCASE("broken for as long as anybody tries") {
    world.config.dropbox.retry_count = 2;
    world.simulator.Inject(sim::Fault::Status(route, 500).Times(0));
    const auto file = ask();
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::kTemporary);
    CHECK(world.Requests(route).size() == 3);
  }
  SUBCASE("an answer that tells of nothing") {
    world.config.dropbox.retry_count = 2;
    world.simulator.Inject(sim::Fault::Status(route, 200, "{}").Times(0));
    const auto file = ask();
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::kTemporary);
    CHECK(world.Requests(route).size() == 3);
  }
}

TEST_CASE("a client may go with everything under way") {
  auto world = std::make_unique<DropboxWorld>();
  const auto listing = world->client().ListFolder("", "", AcceptAll);
  const auto received = world->client().ListReceivedFiles("");
  world->loop.RunOnce();
  world.reset();
  CHECK_FALSE(listing.Ready());
  CHECK_FALSE(received.Ready());
}

}  // namespace dbxes::dropbox

// SPDX-License-Identifier: Apache-2.0
#include "permissions/permission_reader.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "dropbox/dropbox_world.h"

namespace dbxes::permissions {
namespace {

using Values = std::vector<std::string>;
using sim::MemberKind;

struct ReaderWorld {
  explicit ReaderWorld(sim::Options options = {}) : world(std::move(options)) {
    ann = world.tree().people().primary().account_id;
    world.config.dropbox.retry_count = 1;
    if (world.simulator.options().tokens.team_token) world.tree().people().MakeTeam("Acme");
    Discover();
  }

  void Discover() {
    auto account = world.client().DiscoverAccount();
    REQUIRE(account);
    world.client().ActAs(*account);
    settings.account = *account;
  }
  PermissionReader& reader() {
    if (!made) made = std::make_unique<PermissionReader>(world.loop, world.client(), settings);
    return *made;
  }
  std::string AddPerson(const std::string& name) {
    sim::Account account;
    account.given_name = name;
    account.email = name + "@example.com";
    return world.tree().people().AddAccount(account);
  }
  // Shares a folder with these besides its owner.
  std::string Share(const std::string& path, std::vector<sim::Member> members) {
    const std::string id = world.tree().folders().ShareFolder(path);
    members.push_back({MemberKind::kUser, ann, "owner", false});
    world.tree().folders().SetMembers(id, std::move(members));
    return id;
  }
  Permission Ask(PermissionQuery query) {
    auto read = reader().Read({query});
    REQUIRE_MESSAGE(read, read.error().ToLine());
    return read->front();
  }
  Values ValuesIn(const std::string& folder) {
    const Permission permission = Ask({"id:x", "", folder, false, false});
    REQUIRE_MESSAGE(permission.Readable(), permission.problem);
    return permission.list->values;
  }
  std::uint64_t Count(const char* route) const { return world.simulator.Count(route); }

  dropbox::DropboxWorld world;
  PermissionSettings settings;
  std::string ann;
  std::unique_ptr<PermissionReader> made;
};

std::string UserOf(const std::string& id) { return "user_id:" + id; }

Values Sorted(Values values) {
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

TEST_CASE("files in no shared folder are the account's alone") {
  ReaderWorld world;
  CHECK(world.ValuesIn("") == Values{UserOf(world.ann)});
  CHECK(world.ValuesIn(world.settings.account.home_namespace_id) == Values{UserOf(world.ann)});
  CHECK(world.world.simulator.Count("sharing/list_folder_members") == 0);
}

TEST_CASE("files in the root of a team space are read by the members with that root") {
  sim::Options options;
  options.style = sim::Style::Nasty();
  options.tokens.team_token = true;
  ReaderWorld world(options);
  sim::Tree& tree = world.world.tree();
  sim::Account& primary = tree.people().primary();
  primary.given_name = "Zoë";
  const std::string bob = world.AddPerson("bob");
  const std::string cid = world.AddPerson("cid");
  const auto move = [&](const std::string& account, sim::RootLayout layout) {
    tree.folders().ChangeRoot(account, layout);
    world.Discover();
  };
  const auto readers = [&](const std::string& path, const std::string& folder = "") {
    return world.Ask({"id:x", path, folder, true, false}).list->values;
  };
  const Values alone{UserOf(world.ann)};
  SUBCASE("which all members may share") {
    move(world.ann, sim::RootLayout::kSharedRoot);
    move(bob, sim::RootLayout::kSharedRoot);
    const std::string home = tree.Snapshot(primary).front().path_lower;
    const std::string root = tree.items().ns(primary.root).id;
    const Values all = Sorted({UserOf(world.ann), UserOf(bob)});
    CHECK(readers("/loose.txt") == all);
    CHECK(readers("/loose.txt", root) == all);
    CHECK(readers(home) == alone);
    CHECK(readers(home, root) == alone);
    CHECK(readers(home + "/x.txt") == alone);
    CHECK(readers(home + "2/x.txt") == all);
    // Received files have no path.
    CHECK(readers("") == alone);
    CHECK(world.Count("team/members/list_v2") == 1);
    CHECK(world.Count("files/get_metadata") == 1);
    CHECK(world.Count("sharing/list_folder_members") == 0);
    world.settings.inherit = false;
    world.made.reset();
    CHECK(world.Ask({"id:x", "/loose.txt", "", false, false}).list->values == alone);
  }
  SUBCASE("or that is a member's own") {
    move(world.ann, sim::RootLayout::kOwnRoot);
    move(bob, sim::RootLayout::kOwnRoot);
    CHECK(readers("/loose.txt") == alone);
  }
  SUBCASE("which must be readable, or the document is closed") {
    move(world.ann, sim::RootLayout::kSharedRoot);
    world.world.simulator.Inject(sim::Fault::Status("team/members/list*", 500).Times(0));
    const Permission permission = world.Ask({"id:x", "/loose.txt", "", false, false});
    CHECK_FALSE(permission.Readable());
    CHECK(permission.problem != "");
    CHECK(world.Ask({"id:x", "", "", false, false}).Readable());
  }
  SUBCASE("and nothing is decided while the path of the home is unknown") {
    move(world.ann, sim::RootLayout::kSharedRoot);
    world.world.simulator.Inject(sim::Fault::Status("files/get_metadata", 500).Times(0));
    const auto read = world.reader().Read({{"id:x", "/loose.txt", "", false, false}});
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kTemporary);
  }
  CHECK(world.world.simulator.Violations() == Values());
}

TEST_CASE("folders that inherit from another are found") {
  ReaderWorld world;
  sim::Tree& tree = world.world.tree();
  tree.AddFolder("/a/b/c");
  tree.AddFolder("/a/apart/d");
  tree.AddFolder("/z");
  const std::string outer = world.Share("/a", {});
  const std::string middle = world.Share("/a/b", {});
  const std::string inner = world.Share("/a/b/c", {});
  const std::string apart = world.Share("/a/apart", {});
  const std::string apart_inside = world.Share("/a/apart/d", {});
  const std::string other = world.Share("/z", {});
  tree.folders().SetInheritance(apart, false);
  using Ids = PermissionReader::Ids;
  const Ids all{outer, middle, inner, apart, apart_inside, other, "404"};
  const auto inside = [&](const Ids& changed) {
    const auto found = world.reader().FindInside(changed, all);
    REQUIRE(found);
    return *found;
  };
  CHECK(inside({outer}) == Ids{middle, inner});
  CHECK(inside({middle}) == Ids{inner});
  CHECK(inside({apart}) == Ids{apart_inside});
  CHECK(inside({other}) == Ids{});
  CHECK(inside({}) == Ids{});
}

TEST_CASE("a shared folder is read by its members, groups and invitees") {
  ReaderWorld world;
  world.world.tree().AddFolder("/s");
  const std::string bob = world.AddPerson("bob");
  const std::string eve = world.AddPerson("eve");
  const std::string id = world.Share("/s", {{MemberKind::kUser, bob, "viewer"},
                                            {MemberKind::kUser, eve, "traverse"},
                                            {MemberKind::kGroup, "g:1", "editor"},
                                            {MemberKind::kInvitee, "Pat@x.org", "viewer"}});
  CHECK(world.ValuesIn(id) ==
        Sorted({UserOf(world.ann), UserOf(bob), "group:g:1", "email:pat@x.org"}));
  CHECK(world.world.simulator.Violations() == Values());
}

TEST_CASE("the members of a folder are read once, to the last page") {
  sim::Options options;
  options.style = sim::Style::Nasty();
  ReaderWorld world(options);
  world.world.tree().AddFolder("/s");
  std::vector<sim::Member> members;
  for (int i = 0; i < 2500; ++i) {
    members.push_back({MemberKind::kInvitee, fmt::format("p{}@x.org", i), "viewer"});
  }
  const std::string id = world.Share("/s", members);
  CHECK(world.ValuesIn(id).size() == 2501);
  const auto first = world.Count("sharing/list_folder_members/continue");
  CHECK(first >= 2);
  CHECK(world.ValuesIn(id).size() == 2501);
  CHECK(world.Count("sharing/list_folder_members") == 1);
  CHECK(world.Count("sharing/list_folder_members/continue") == first);
}

TEST_CASE("members are inherited from the folders around") {
  ReaderWorld world;
  sim::Tree& tree = world.world.tree();
  tree.AddFolder("/a/b/c");
  const std::string bob = world.AddPerson("bob");
  const std::string cid = world.AddPerson("cid");
  const std::string dan = world.AddPerson("dan");
  const std::string outer =
      world.Share("/a", {{MemberKind::kUser, bob, "editor"}, {MemberKind::kUser, dan, "editor"}});
  const std::string middle = world.Share(
      "/a/b", {{MemberKind::kUser, cid, "viewer"}, {MemberKind::kUser, dan, "no_access"}});
  const std::string inner = world.Share("/a/b/c", {});
  SUBCASE("to the innermost") {
    CHECK(world.ValuesIn(inner) == Sorted({UserOf(world.ann), UserOf(bob), UserOf(cid)}));
    CHECK(world.ValuesIn(outer) == Sorted({UserOf(world.ann), UserOf(bob), UserOf(dan)}));
    CHECK(world.Count("sharing/list_folder_members") == 3);
  }
  SUBCASE("also when Dropbox lists direct members alone") {
    // As before 2026: inherited members are taken out of the answers.
    world.world.intercept = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
      if (request.target != "/2/sharing/list_folder_members") return std::nullopt;
      const bool is_outer = request.body.find(outer) != std::string::npos;
      const bool is_middle = request.body.find(middle) != std::string::npos;
      const std::string user =
          R"({{"access_type":{{".tag":"{}"}},"user":{{"account_id":"{}","email":"x@y.z"}}}})";
      std::string users;
      if (is_outer) {
        users = fmt::format(fmt::runtime(user), "editor", bob) + "," +
                fmt::format(fmt::runtime(user), "editor", dan);
      }
      if (is_middle) {
        users = fmt::format(fmt::runtime(user), "viewer", cid) + "," +
                fmt::format(fmt::runtime(user), "no_access", dan);
      }
      return FakeAnswer::Json(200,
                              fmt::format(R"({{"users":[{}],"groups":[],"invitees":[]}})", users));
    };
    CHECK(world.ValuesIn(inner) == Sorted({UserOf(world.ann), UserOf(bob), UserOf(cid)}));
  }
  SUBCASE("not across a folder that stopped it") {
    tree.folders().SetInheritance(middle, false);
    CHECK(world.ValuesIn(inner) == Sorted({UserOf(world.ann), UserOf(cid)}));
  }
}

TEST_CASE("without inheritance a list has a file's own members and the account") {
  ReaderWorld world;
  world.settings.inherit = false;
  sim::Tree& tree = world.world.tree();
  const std::string file = tree.AddFile("/s/a.txt", "x");
  const std::string bob = world.AddPerson("bob");
  const std::string folder = world.Share("/s", {{MemberKind::kUser, bob, "viewer"}});
  tree.shares().SetExplicitMembers(file, {{MemberKind::kInvitee, "p@x.org", "viewer"}});
  CHECK(world.Ask({file, "", folder, false, true}).list->values ==
        Sorted({UserOf(world.ann), "email:p@x.org"}));
  CHECK(world.ValuesIn(folder) == Values{UserOf(world.ann)});
  CHECK(world.Count("sharing/list_folder_members") == 0);
  // The list of the folder itself has its members, as in Elastic's connector.
  CHECK(world.Ask({"id:f", "", folder, true, false}).list->values ==
        Sorted({UserOf(world.ann), UserOf(bob)}));
}

TEST_CASE("files with their own members are read in batches, to the last member") {
  sim::Options options;
  SUBCASE("as Dropbox is now") {}
  SUBCASE("as it was when it refused to show more than twenty at once") {
    options.old_batch_limit = true;
  }
  ReaderWorld world(options);
  std::vector<std::string> ids;
  std::vector<PermissionQuery> queries;
  for (int i = 0; i < 230; ++i) {
    ids.push_back(world.world.tree().AddFile(fmt::format("/f{}.txt", i), "x"));
    std::vector<sim::Member> members;
    for (int m = 0; m < (i == 7 ? 340 : 2); ++m) {
      members.push_back({MemberKind::kInvitee, fmt::format("p{}-{}@x.org", i, m), "viewer"});
    }
    members.push_back({MemberKind::kInvitee, "never@x.org", "no_access"});
    world.world.tree().shares().SetExplicitMembers(ids.back(), members);
  }
  for (const std::string& id : ids) queries.push_back({id, "", "", false, true});
  const auto read = world.reader().Read(queries);
  REQUIRE(read);
  for (int i = 0; i < 230; ++i) {
    const Permission& permission = (*read)[static_cast<std::size_t>(i)];
    REQUIRE_MESSAGE(permission.Readable(), permission.problem);
    CHECK(permission.list->values.size() == (i == 7 ? 341 : 3));
    CHECK(permission.list->json.find(fmt::format("p{}-0@x.org", i)) != std::string::npos);
    CHECK(permission.list->json.find("never@") == std::string::npos);
  }
  const std::uint64_t refused = options.old_batch_limit ? 3 : 0;
  CHECK(world.Count("sharing/list_file_members/batch") == 3 + refused);
}

TEST_CASE("one list of all shared folders replaces many single questions") {
  ReaderWorld world;
  std::vector<PermissionQuery> queries;
  std::vector<std::string> ids;
  for (int i = 0; i < 60; ++i) {
    const std::string path = fmt::format("/s{}", i);
    world.world.tree().AddFolder(path);
    ids.push_back(world.Share(path, {}));
  }
  for (const std::string& id : ids) queries.push_back({"id:x", "", id, false, false});
  REQUIRE(world.reader().Read(queries));
  CHECK(world.Count("sharing/list_folders") == 1);
  CHECK(world.Count("sharing/get_folder_metadata") == 0);
  CHECK(world.Count("sharing/list_folder_members") == 60);
}

TEST_CASE("a few folders are read one by one, in any grouping, and many are listed") {
  ReaderWorld world;
  std::vector<std::string> ids;
  for (int i = 0; i < 60; ++i) {
    const std::string path = fmt::format("/s{}", i);
    world.world.tree().AddFolder(path);
    ids.push_back(world.Share(path, {}));
  }
  // One on each page of the listing, as with large shared folders.
  for (std::size_t i = 0; i < 4; ++i) world.ValuesIn(ids[i]);
  CHECK(world.Count("sharing/get_folder_metadata") == 4);
  CHECK(world.Count("sharing/list_folders") == 0);
  for (const std::string& id : ids) world.ValuesIn(id);
  CHECK(world.Count("sharing/get_folder_metadata") == 4);
  CHECK(world.Count("sharing/list_folders") == 1);
  CHECK(world.Count("sharing/list_folder_members") == 60);
}

TEST_CASE("a list that cannot be read is reported, and the others are read") {
  ReaderWorld world;
  sim::Tree& tree = world.world.tree();
  tree.AddFolder("/good");
  tree.AddFolder("/bad");
  const std::string good = world.Share("/good", {});
  const std::string bad = world.Share("/bad", {});
  sim::Fault fault = sim::Fault::EndpointError("sharing/list_folder_members", "not_a_member");
  SUBCASE("refused") {}
  SUBCASE("unavailable") { fault = sim::Fault::Status("sharing/list_folder_members", 503); }
  SUBCASE("forbidden") { fault = sim::Fault::Status("sharing/list_folder_members", 403, "no"); }
  SUBCASE("its parent cannot be read") {
    fault = sim::Fault::Status("sharing/get_folder_metadata", 503);
  }
  world.world.simulator.Inject(std::move(fault).Matching(bad).Times(0));
  const auto read =
      world.reader().Read({{"id:1", "", good, false, false}, {"id:2", "", bad, false, false}});
  REQUIRE(read);
  CHECK((*read)[0].Readable());
  CHECK_FALSE((*read)[1].Readable());
  CHECK((*read)[1].of_folder);
  CHECK((*read)[1].problem.find(bad) != std::string::npos);
  CHECK((*read)[1].http_status >= 400);
  CHECK(world.reader().folders().at(bad) == 0);
  CHECK(world.reader().folders().at(good) == (*read)[0].list->fingerprint);
  CHECK(world.reader().incomplete());
  const auto asked =
      world.Count("sharing/list_folder_members") + world.Count("sharing/get_folder_metadata");
  CHECK_FALSE(world.Ask({"id:3", "", bad, false, false}).Readable());
  CHECK(world.Count("sharing/list_folder_members") + world.Count("sharing/get_folder_metadata") ==
        asked);
}

TEST_CASE("a page of members that cannot be read makes the whole list unreadable") {
  sim::Options options;
  options.style = sim::Style::Nasty();
  ReaderWorld world(options);
  world.world.tree().AddFolder("/s");
  std::vector<sim::Member> members;
  for (int i = 0; i < 1500; ++i) {
    members.push_back({MemberKind::kInvitee, fmt::format("p{}@x.org", i), "viewer"});
  }
  const std::string id = world.Share("/s", members);
  world.world.simulator.Inject(
      sim::Fault::Status("sharing/list_folder_members/continue", 500).Times(0));
  CHECK_FALSE(world.Ask({"id:x", "", id, false, false}).Readable());
}

TEST_CASE("the folder around matters, unless the account may not see it") {
  ReaderWorld world;
  sim::Tree& tree = world.world.tree();
  tree.AddFolder("/a/b");
  const std::string outer = world.Share("/a", {});
  const std::string inner = world.Share("/a/b", {});
  SUBCASE("unavailable: members may be missing") {
    world.world.simulator.Inject(
        sim::Fault::Status("sharing/list_folder_members", 503).Matching(outer).Times(0));
    CHECK_FALSE(world.Ask({"id:x", "", inner, false, false}).Readable());
  }
  SUBCASE("refused: the folder's own members count alone") {
    world.world.simulator.Inject(
        sim::Fault::EndpointError("sharing/list_folder_members", "not_a_member")
            .Matching(outer)
            .Times(0));
    CHECK(world.Ask({"id:x", "", inner, false, false}).Readable());
  }
}

TEST_CASE("unreadable members of a file close this file alone") {
  ReaderWorld world;
  sim::Tree& tree = world.world.tree();
  const std::string file = tree.AddFile("/a.txt", "x");
  tree.shares().SetExplicitMembers(file, {{MemberKind::kInvitee, "p@x.org", "viewer"}});
  const auto read =
      world.reader().Read({{file, "", "", false, true}, {"id:gone", "/gone", "", false, true}});
  REQUIRE(read);
  CHECK((*read)[0].Readable());
  CHECK_FALSE((*read)[1].Readable());
  CHECK_FALSE((*read)[1].of_folder);
  CHECK((*read)[1].problem.find("invalid_file") != std::string::npos);
  CHECK((*read)[1].has_left);

  world.world.simulator.Inject(sim::Fault::Status("sharing/list_file_members/batch", 500).Times(0));
  CHECK_FALSE(world.Ask({file, "", "", false, true}).Readable());
}

TEST_CASE("a missing scope ends the run") {
  sim::Options options;
  options.tokens.scopes = "account_info.read files.metadata.read";
  ReaderWorld world(options);
  world.world.tree().AddFolder("/s");
  const std::string id = world.Share("/s", {});
  const auto read = world.reader().Read({{"id:x", "", id, false, false}});
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::kPermission);
  CHECK(read.error().message.find("sharing.read") != std::string::npos);
}

TEST_CASE("the memory for lists is bounded") {
  ReaderWorld world;
  world.settings.max_cached_bytes = 20'000;
  std::vector<sim::Member> members;
  for (int i = 0; i < 40; ++i) {
    members.push_back({MemberKind::kInvitee, fmt::format("p{}@x.org", i), "viewer"});
  }
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    world.world.tree().AddFolder(fmt::format("/s{}", i));
    ids.push_back(world.Share(fmt::format("/s{}", i), members));
  }
  for (const std::string& id : ids) CHECK(world.ValuesIn(id).size() == 41);
  CHECK(world.Count("sharing/list_folder_members") == 20);
  CHECK(world.ValuesIn(ids.back()).size() == 41);
  CHECK(world.Count("sharing/list_folder_members") == 20);
  CHECK(world.ValuesIn(ids.front()).size() == 41);
  CHECK(world.Count("sharing/list_folder_members") == 21);
}

}  // namespace dbxes::permissions

// SPDX-License-Identifier: Apache-2.0
// Shared links in document level security: off by default, and open to nobody when unreadable.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/permission_oracle.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;
using Values = std::vector<std::string>;

sim::Options TeamOptions() {
  sim::Options options;
  options.tokens.team_token = true;
  return options;
}

struct LinkedWorld : SecureWorld {
  explicit LinkedWorld(sim::Options options = TeamOptions()) : SecureWorld(std::move(options)) {
    config.dropbox.include_link_visibility = true;
    bob = AddPerson("bob");
    file = tree().AddFile("/a.txt", "x");
    tree().AddFile("/d/deep/b.txt", "x");
    inside = tree().AddFile("/d/s/c.txt", "x");
    folder = Share("/d/s", {{MemberKind::kUser, bob, "traverse"}});
    Link("/a.txt", "team");
    Link("/d", "public");
    whole = Link("/d/s", "public");
  }
  std::string Link(const std::string& path, const std::string& audience) {
    sim::SharedLink link;
    link.audience = audience;
    return tree().shares().AddSharedLink(path, link);
  }
  Values ListOf(const std::string& id) { return AccessListOf(elastic, "docs", id); }
  std::string Acl() { return Run(SyncMode::kAccessControl).message; }

  std::string bob;
  std::string file;
  std::string inside;
  std::string folder;
  std::string whole;
};

}  // namespace

TEST_CASE("links let in whom they are made for") {
  LinkedWorld world;
  REQUIRE(world.Full().message == "");
  REQUIRE(world.Acl() == "");
  CHECK(PermissionDifference(world) == "");
  CHECK(world.ListOf(world.file) == Values{"link:team", "user_id:" + world.ann});
  CHECK(world.ListOf(world.inside) == Values{"link:public", "user_id:" + world.ann});
  const auto identity = world.elastic.Source(".search-acl-filter-docs", "bob@example.com");
  REQUIRE(identity);
  CHECK(identity->find(R"("link:public","link:team")") != std::string::npos);
  world.elastic.ClearBooks();
  CHECK(world.Full().message == "");
  CHECK(world.Acl() == "");
  CHECK(world.elastic.writes().empty());
  CHECK(world.dropbox().Violations() == Values());
}

TEST_CASE("links count only if they are enabled") {
  LinkedWorld world;
  world.config.dropbox.include_link_visibility = false;
  REQUIRE(world.Full().message == "");
  REQUIRE(world.Acl() == "");
  CHECK(PermissionDifference(world) == "");
  CHECK(world.dropbox().Count("sharing/list_shared_links") == 0);
  CHECK(world.elastic.Source(".search-acl-filter-docs", "bob@example.com")->find("link:") ==
        std::string::npos);
  world.config.dropbox.include_link_visibility = true;
  CHECK(world.Run(SyncMode::kAccessControl).exit_code == ExitCode::kFullSyncNeeded);
  CHECK(world.Full().message == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("changed members and links come to documents that a link opens, too") {
  LinkedWorld world;
  REQUIRE(world.Full().message == "");
  world.SetMembers(world.folder, {{MemberKind::kInvitee, "p@example.org", "viewer"}});
  SUBCASE("when an incremental run meets the folder") {
    world.tree().AddFile("/d/s/new.txt", "x");
    CHECK(world.Incremental().message == "");
    CHECK(world.ListOf(world.inside) ==
          Values{"email:p@example.org", "link:public", "user_id:" + world.ann});
  }
  SUBCASE("and by acl-sync") {
    world.tree().shares().RevokeSharedLink(world.whole);
    world.Link("/d/s/c.txt", "team");
    CHECK(world.Acl() == "");
    CHECK(world.ListOf(world.inside) ==
          Values{"email:p@example.org", "link:team", "user_id:" + world.ann});
  }
  CHECK(world.Acl() == "");
  CHECK(PermissionDifference(world) == "");
  world.elastic.ClearBooks();
  CHECK(world.Full().message == "");
  CHECK(world.elastic.writes().empty());
}

TEST_CASE("links that cannot be read open nothing, and the run says so") {
  LinkedWorld world;
  REQUIRE(world.Full().message == "");
  world.dropbox().Inject(sim::Fault::Status("sharing/list_shared_links", 500).Times(0));
  CHECK(world.Acl() == "");
  CHECK(Leaks(world) == "");
  CHECK(world.ListOf(world.file) == Values{"user_id:" + world.ann});
  const auto& lines = world.reporter.lines;
  CHECK(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("warning: shared links could not be read") == 0;
  }));
  world.dropbox().faults().Clear();
  CHECK(world.Acl() == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("of an account without a team, a link for its team lets in its colleagues alone") {
  LinkedWorld world{sim::Options{}};
  sim::Account guest;
  guest.given_name = "guest";
  guest.email = "guest@example.org";
  guest.same_team = false;
  const std::string id = world.tree().people().AddAccount(guest);
  world.tree().people().MakeTeam("Acme");
  world.SetMembers(world.folder,
                   {{MemberKind::kUser, world.bob, "viewer"}, {MemberKind::kUser, id, "viewer"}});
  REQUIRE(world.Full().message == "");
  REQUIRE(world.Acl() == "");
  const auto has_team = [&](const std::string& email) {
    const auto identity = world.elastic.Source(".search-acl-filter-docs", email);
    REQUIRE(identity);
    CHECK(identity->find("link:public") != std::string::npos);
    return identity->find("link:team") != std::string::npos;
  };
  CHECK(has_team("bob@example.com"));
  CHECK_FALSE(has_team("guest@example.org"));
  CHECK(has_team(world.tree().people().primary().email));
}

}  // namespace dbxes::sync

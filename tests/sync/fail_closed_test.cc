// SPDX-License-Identifier: Apache-2.0
// The narrow ways by which a document might come to be seen by more people than may read it: lists
// that were right at another place, and documents that are gone when their list is written.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/permission_oracle.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;
using Values = std::vector<std::string>;

sim::Options TeamOptions(bool team) {
  sim::Options options;
  options.tokens.team_token = team;
  return options;
}

struct ClosedWorld : SecureWorld {
  explicit ClosedWorld(bool team = false) : SecureWorld(TeamOptions(team)) {
    bob = AddPerson("bob");
    cid = AddPerson("cid");
  }
  Values ListOf(const std::string& id) { return AccessListOf(elastic, "docs", id); }
  // Once a request of `route` has been answered, and before anything is done with the answer.
  void Once(const std::string& route, const std::function<void()>& happen) {
    const std::uint64_t before = dropbox().Count(route);
    stop_signal = [this, route, before, happen] {
      if (!happened && dropbox().Count(route) > before) {
        happened = true;
        happen();
      }
      return 0;
    };
  }
  // The next run that nothing keeps from it brings what is right.
  void CheckThatItRecovers() {
    dropbox().faults().Clear();
    CHECK(Incremental().message == "");
    CHECK(PermissionDifference(*this) == "");
  }

  bool happened = false;
  std::string bob;
  std::string cid;
};

}  // namespace

TEST_CASE("a shared folder that moves out of another does not keep what it inherited there") {
  ClosedWorld world;
  sim::Tree& tree = world.tree();
  const std::string file = tree.AddFile("/outer/inner/secret.txt", "x");
  tree.AddFile("/outer/plain.txt", "x");
  world.Share("/outer", {{MemberKind::kUser, world.bob, "viewer"}});
  world.Share("/outer/inner", {{MemberKind::kUser, world.cid, "viewer"}});
  REQUIRE(world.Full().message == "");
  REQUIRE(world.ListOf(file).size() == 3);
  std::string route;
  SUBCASE("while its members cannot be read") { route = "sharing/list_folder_members"; }
  SUBCASE("while the folder around it is unknown") { route = "sharing/get_folder_metadata"; }
  tree.Move("/outer/inner", "/apart");
  world.dropbox().Inject(sim::Fault::Status(route, 500).Times(0));
  CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  CHECK(Leaks(world) == "");
  CHECK(world.ListOf(file) == Values{"nobody"});
  world.CheckThatItRecovers();
}

TEST_CASE("a file with members of its own that comes home does not keep the readers of the root") {
  ClosedWorld world(/*team=*/true);
  sim::Tree& tree = world.tree();
  tree.folders().ChangeRoot(world.ann, sim::RootLayout::kSharedRoot);
  tree.folders().ChangeRoot(world.bob, sim::RootLayout::kSharedRoot);
  const std::string root = "ns:" + tree.items().ns(tree.people().primary().root).id;
  const std::string file = tree.AddFile(root + "/loose.txt", "x");
  tree.shares().SetExplicitMembers(file, {{MemberKind::kUser, world.cid, "viewer"}});
  REQUIRE(world.Full().message == "");
  REQUIRE(PermissionDifference(world) == "");
  tree.Move(root + "/loose.txt", "/loose.txt");
  world.dropbox().Inject(sim::Fault::Status("sharing/list_file_members/batch", 500).Times(0));
  CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  CHECK(Leaks(world) == "");
  world.CheckThatItRecovers();
}

TEST_CASE("a file that goes before its members are asked for is closed, and no failure") {
  ClosedWorld world;
  sim::Tree& tree = world.tree();
  const std::string file = tree.AddFile("/a.txt", "x");
  tree.shares().SetExplicitMembers(file, {{MemberKind::kUser, world.cid, "viewer"}});
  SUBCASE("deleted") {
    world.Once("files/list_folder", [&] { tree.Delete("/a.txt"); });
  }
  SUBCASE("in a shared folder that is unmounted") {
    tree.AddFile("/s/b.txt", "x");
    world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
    tree.Move("/a.txt", "/s/a.txt");
    world.Once("files/list_folder", [&] { tree.folders().Unmount("/s"); });
  }
  const report::RunSummary summary = world.Full();
  REQUIRE(world.happened);
  CHECK(summary.message == "");
  CHECK(Leaks(world) == "");
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("a file that goes while its folder gets another list is no failure") {
  ClosedWorld world;
  sim::Tree& tree = world.tree();
  const std::string file = tree.AddFile("/s/a.txt", "x");
  tree.AddFile("/s/b.txt", "x");
  const std::string folder = world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  tree.shares().SetExplicitMembers(file, {{MemberKind::kInvitee, "p@example.org", "viewer"}});
  REQUIRE(world.Full().message == "");
  world.SetMembers(folder, {{MemberKind::kUser, world.cid, "viewer"}});
  tree.Overwrite("/s/b.txt", "y");
  world.Once("sharing/list_folder_members", [&] { tree.Delete("/s/a.txt"); });
  CHECK(world.Incremental().message == "");
  REQUIRE(world.happened);
  CHECK(Leaks(world) == "");
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE(
    "a file that is there although Dropbox does not know its members is closed and a failure") {
  ClosedWorld world;
  const std::string file = world.tree().AddFile("/a.txt", "x");
  world.tree().shares().SetExplicitMembers(file, {{MemberKind::kUser, world.cid, "viewer"}});
  const std::string unknown = R"([{"file":")" + file +
                              R"(","result":{".tag":"access_error","access_error":)"
                              R"({".tag":"invalid_file"}}}])";
  world.dropbox().Inject(sim::Fault::Status("sharing/list_file_members/batch", 200, unknown));
  SUBCASE("as Dropbox says") {}
  SUBCASE("as far as one can know") {
    world.dropbox().Inject(sim::Fault::Status("files/get_metadata", 500).Times(0));
  }
  CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.ListOf(file) == Values{"nobody"});
  world.CheckThatItRecovers();
}

TEST_CASE("a shared folder that is gone is not asked about for ever") {
  ClosedWorld world;
  sim::Tree& tree = world.tree();
  tree.AddFile("/s/a.txt", "x");
  world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  world.Once("files/list_folder", [&] {
    tree.Delete("/s");
    for (const char* route : {"sharing/list_folder_members", "sharing/get_folder_metadata"}) {
      world.dropbox().Inject(sim::Fault::EndpointError(route, "access_error/invalid_id").Times(0));
    }
  });
  CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
  REQUIRE(world.happened);
  CHECK(Leaks(world) == "");
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
  world.elastic.ClearBooks();
  const std::uint64_t asked = world.dropbox().Count("sharing/list_folder_members");
  CHECK(world.Incremental().message == "");
  CHECK(world.elastic.requests() == 0);
  CHECK(world.dropbox().Count("sharing/list_folder_members") == asked);
}

TEST_CASE("a list that cannot be read stays with a document that gets another name") {
  ClosedWorld world;
  const std::string file = world.tree().AddFile("/s/a.txt", "x");
  world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  REQUIRE(world.Full().message == "");
  const Values before = world.ListOf(file);
  world.tree().Move("/s/a.txt", "/s/b.txt");
  world.dropbox().Inject(sim::Fault::Status("sharing/list_folder_members", 500).Times(0));
  CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.ListOf(file) == before);
  world.CheckThatItRecovers();
}

TEST_CASE("a document that is gone when its list is written comes back as a whole or not at all") {
  ClosedWorld world;
  sim::Tree& tree = world.tree();
  const std::string file = tree.AddFile("/s/a.txt", "x");
  const std::string folder = world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  REQUIRE(world.Full().message == "");
  world.SetMembers(folder, {{MemberKind::kUser, world.cid, "viewer"}});
  world.elastic.vanishing_ids = {file};
  SUBCASE("by acl-sync, which writes nothing but lists") {
    CHECK(world.Run(SyncMode::kAccessControl).exit_code == ExitCode::kDocumentsFailed);
    CHECK_FALSE(world.elastic.Source("docs", file));
    world.CheckThatItRecovers();
  }
  SUBCASE("by a full sync") { CHECK(world.Full().message == ""); }
  SUBCASE("by a run that met another document of the folder") {
    tree.AddFile("/s/b.txt", "x");
    CHECK(world.Incremental().message == "");
  }
  CHECK(world.Difference() == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("a document that is gone when other fields are written does not come back open") {
  ClosedWorld world;
  sim::Tree& tree = world.tree();
  const std::string file = tree.AddFile("/s/a.txt", "x");
  world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  SUBCASE("without content") {}
  SUBCASE("with content") { world.config.extraction.mode = config::ExtractionMode::kLocal; }
  REQUIRE(world.Full().message == "");
  // The list is the right one already, so the update that fails does not bring it.
  tree.Overwrite("/s/a.txt", "new");
  world.elastic.vanishing_ids = {file};
  CHECK(world.Incremental().message == "");
  CHECK(world.elastic.Source("docs", file));
  CHECK(Leaks(world) == "");
  CHECK(world.Difference() == "");
  CHECK(PermissionDifference(world) == "");
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
#include "permissions/shared_folder_tree.h"

#include <doctest/doctest.h>

#include <string>

#include "dropbox/dropbox_world.h"

namespace dbxes::permissions {
namespace {

using Ids = SharedFolderTree::Ids;

bool NoneIsDone(const std::string&) { return false; }

// /a with /a/b, which is shared inside it, and /a/b/c inside that.
struct TreeWorld : dropbox::DropboxWorld {
  TreeWorld() {
    config.dropbox.retry_count = 1;
    tree().AddFolder("/a/b/c");
    outer = tree().folders().ShareFolder("/a");
    middle = tree().folders().ShareFolder("/a/b");
    inner = tree().folders().ShareFolder("/a/b/c");
  }
  SharedFolderTree folders{loop, client()};
  std::string outer;
  std::string middle;
  std::string inner;
};

}  // namespace

TEST_CASE("the folders around are added, to the outermost") {
  TreeWorld world;
  Ids wanted{world.inner};
  REQUIRE(world.folders.AddParents(wanted, NoneIsDone));
  CHECK(wanted == Ids{world.inner, world.middle, world.outer});
  CHECK(world.folders.ParentOf(world.inner) == world.middle);
  CHECK(world.folders.ParentOf(world.outer) == "");
  CHECK(world.folders.ParentOf("unknown") == "");
  // What was read once is kept.
  const auto requests = world.simulator.Count("sharing/get_folder_metadata");
  REQUIRE(world.folders.AddParents(wanted, NoneIsDone));
  CHECK(world.simulator.Count("sharing/get_folder_metadata") == requests);
}

TEST_CASE("a folder that does not inherit has no parent") {
  TreeWorld world;
  world.tree().folders().SetInheritance(world.middle, false);
  Ids wanted{world.inner};
  REQUIRE(world.folders.AddParents(wanted, NoneIsDone));
  CHECK(wanted == Ids{world.inner, world.middle});
  const auto inside = world.folders.FindInside({world.outer}, {world.middle, world.inner});
  REQUIRE(inside);
  CHECK(inside->empty());
}

TEST_CASE("a folder that is done needs no parents") {
  TreeWorld world;
  Ids wanted{world.inner};
  REQUIRE(world.folders.AddParents(wanted, [](const std::string&) { return true; }));
  CHECK(wanted == Ids{world.inner});
}

TEST_CASE("a folder that cannot be read has a problem, one that Dropbox refuses has none") {
  const std::string route = "sharing/get_folder_metadata";
  TreeWorld world;
  Ids wanted{world.outer};
  SUBCASE("unavailable") {
    world.simulator.Inject(sim::Fault::Status(route, 503).Times(0));
    REQUIRE(world.folders.AddParents(wanted, NoneIsDone));
    REQUIRE(world.folders.ProblemOf(world.outer) != nullptr);
    CHECK(world.folders.ProblemOf(world.outer)->http_status == 503);
  }
  SUBCASE("refused") {
    world.simulator.Inject(sim::Fault::EndpointError(route, "not_a_member"));
    REQUIRE(world.folders.AddParents(wanted, NoneIsDone));
    CHECK(world.folders.ProblemOf(world.outer) == nullptr);
  }
  CHECK(wanted == Ids{world.outer});
}

}  // namespace dbxes::permissions

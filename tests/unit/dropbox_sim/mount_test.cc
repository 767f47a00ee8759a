// SPDX-License-Identifier: Apache-2.0
// Mounts: what a tree refuses, and which folders can be mounted.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "dropbox_sim/client.h"

namespace dbxes::sim {
namespace {

// Shared folders with `outer` around `inner`, and beside them `other`.
struct World {
  World() {
    Tree& tree = client.tree();
    tree.AddFile("/Outer/Inner/deep/file.txt", "x");
    tree.AddFile("/Other/file.txt", "y");
    outer = tree.folders().ShareFolder("/Outer");
    inner = tree.folders().ShareFolder("/Outer/Inner");
    other = tree.folders().ShareFolder("/Other");
  }
  Client client;
  std::string outer;
  std::string inner;
  std::string other;
};

// A refused change must leave everything as it was.
void CheckRefused(World& w, std::string_view from, std::string_view to) {
  CAPTURE(from);
  CAPTURE(to);
  const auto before = w.client.tree().Snapshot();
  const std::size_t journal = w.client.tree().items().journal().size();
  CHECK_THROWS_AS(w.client.tree().Move(from, to), TreeError);
  CHECK(w.client.tree().Snapshot().size() == before.size());
  CHECK(w.client.tree().items().journal().size() == journal);
}

TEST_CASE("a mount is not moved into itself") {
  World w;
  CheckRefused(w, "/Outer", "/Outer/sub");
  CheckRefused(w, "/Outer", "/Outer/sub/Outer");
  CheckRefused(w, "/OUTER", "/oUTER/Sub");
  CheckRefused(w, "/Outer", "/Outer/Inner/sub");
  CheckRefused(w, "/Outer", "/outer/INNER/deep/Sub");
  CheckRefused(w, "/Outer/Inner", "/Outer/Inner/deep/sub");
}

TEST_CASE("nor a folder that holds a mount into what is mounted there") {
  World w;
  w.client.tree().AddFolder("/Around");
  w.client.tree().Move("/Outer", "/Around/Outer");
  CheckRefused(w, "/Around", "/Around/Outer/sub");
  CheckRefused(w, "/Around", "/around/outer/inner/sub");
  CheckRefused(w, "/Around", "/Around/sub");
}

TEST_CASE("a mount may move into another one, out again, and change its case") {
  World w;
  std::string cursor;
  w.client.Apply(w.client.List(&cursor));
  w.client.tree().Move("/Other", "/Outer/Inner/Other");
  w.client.Apply(w.client.Drain(&cursor));
  CHECK(w.client.PictureIsRight());
  w.client.tree().Move("/Outer/Inner/Other", "/back");
  w.client.Apply(w.client.Drain(&cursor));
  CHECK(w.client.PictureIsRight());
  w.client.tree().Move("/Outer", "/OUTER");
  CHECK(w.client.tree().Snapshot().size() == 6);
}

TEST_CASE("a folder is not mounted inside itself, nor twice in one tree") {
  World w;
  Tree& tree = w.client.tree();
  CHECK_THROWS_WITH_AS(tree.folders().Mount(w.outer, "/Outer/again"),
                       "Outer cannot be mounted inside itself", TreeError);
  CHECK_THROWS_AS(tree.folders().Mount(w.outer, "/outer/INNER/again"), TreeError);
  CHECK_THROWS_WITH_AS(tree.folders().Mount(w.other, "/Other again"),
                       "Other is mounted already in the tree of Ana Diaz", TreeError);
  CHECK_THROWS_AS(tree.folders().Mount(w.other, "/Outer/Other"), TreeError);
  CHECK_THROWS_WITH_AS(tree.folders().Mount(w.inner, "/Inner"),
                       "Inner is mounted already in the tree of Ana Diaz", TreeError);
  SUBCASE("gone, it can come back") {
    tree.folders().Unmount("/Other");
    tree.folders().Mount(w.other, "/Outer/Other");
    CHECK_THROWS_AS(tree.folders().Mount(w.other, "/Other"), TreeError);
  }
  SUBCASE("with what is mounted in it") {
    tree.folders().Unmount("/Outer");
    tree.folders().Mount(w.inner, "/Inner");
    CHECK_THROWS_WITH_AS(tree.folders().Mount(w.outer, "/Outer"),
                         "Inner is mounted already in the tree of Ana Diaz", TreeError);
  }
  SUBCASE("a folder that is out of sight cannot hide a circle") {
    tree.folders().Unmount("/Outer");
    tree.Move("/Other", "/ns-free");
    CHECK_THROWS_AS(tree.folders().Mount(w.outer, "ns:" + w.inner + "/circle"), TreeError);
  }
}

TEST_CASE("two members mount one folder, but none of them twice") {
  World w;
  Tree& tree = w.client.tree();
  Account bo;
  bo.given_name = "Bo";
  const std::string bo_id = tree.people().AddAccount(bo);
  const std::string home = "ns:" + tree.items().ns(tree.people().account(bo_id).home).id;
  tree.folders().Mount(w.other, home + "/From Ana");
  tree.folders().Mount(w.outer, home + "/Outer");
  CHECK(tree.Snapshot(tree.people().account(bo_id)).size() == 6);
  CHECK_THROWS_WITH_AS(tree.Move("/Other", "/Outer/Other"),
                       "Other is mounted already in the tree of Bo", TreeError);
  tree.folders().Unmount(home + "/From Ana");
  tree.Move("/Other", "/Outer/Other");
  const auto seen = tree.Snapshot(tree.people().account(bo_id));
  CHECK(std::any_of(seen.begin(), seen.end(), [](const LiveItem& item) {
    return item.path_lower == "/outer/other/file.txt";
  }));
}

// Names of a list of folders, page by page.
std::multiset<std::string> FolderNames(Client& client, const std::string& route) {
  std::multiset<std::string> names;
  Answer page = client.Call(route, R"({"limit":1})");
  for (;;) {
    REQUIRE(page.status == 200);
    for (const auto& folder : page.json["entries"].GetArray())
      names.insert(folder["name"].GetString());
    const std::string cursor = page.Get("cursor");
    if (cursor.empty()) return names;
    page = client.Call(route + "/continue", R"({"cursor":")" + cursor + "\"}");
  }
}

TEST_CASE("mountable folders: mounted or not, but none that comes with another") {
  World w;
  Tree& tree = w.client.tree();
  const std::string route = "sharing/list_mountable_folders";
  const std::multiset<std::string> both = {"Other", "Outer"};
  CHECK(FolderNames(w.client, route) == both);
  CHECK(FolderNames(w.client, "sharing/list_folders").count("Inner") == 1);
  tree.folders().Unmount("/Other");
  CHECK(FolderNames(w.client, route) == both);
  const Answer list = w.client.Call(route, "{}");
  for (const auto& folder : list.json["entries"].GetArray())
    CHECK(folder.HasMember("path_lower") == (folder["name"] == "Outer"));
  SUBCASE("cursors are of this route") {
    const Answer first = w.client.Call("sharing/list_folders", R"({"limit":1})");
    const std::string argument = R"({"cursor":")" + first.Get("cursor") + "\"}";
    CHECK(w.client.Call("sharing/list_folders/continue", argument).status == 200);
    CHECK(w.client.Call(route + "/continue", argument).Error() == "invalid_cursor");
  }
  SUBCASE("a team space mounts its folders itself") {
    tree.people().MakeTeam("Example Ltd");
    tree.folders().AddTeamFolder("Everybody");
    CHECK(FolderNames(w.client, route).count("Everybody") == 1);
    tree.folders().GiveTeamSpace(tree.people().primary().account_id);
    CHECK(FolderNames(w.client, route) == both);
  }
}

}  // namespace
}  // namespace dbxes::sim

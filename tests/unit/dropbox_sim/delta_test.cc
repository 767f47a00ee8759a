// SPDX-License-Identifier: Apache-2.0
// What changes look like, row by row of "Dropbox HTTP API: delta semantics", and that a client
// which applies the documented rules ends with the tree, whatever happened and however it was
// reported.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "dropbox_sim/client.h"

namespace dbxes::sim {
namespace {

using Lines = std::vector<std::string>;

// A client whose cursor is at "now".
struct Watcher {
  explicit Watcher(Options options = {}) : client(std::move(options)) {}
  void Begin() { client.Apply(client.List(&cursor)); }
  Lines Changes() {
    last = client.Drain(&cursor);
    client.Apply(last);
    return Client::Short(last);
  }
  Tree& tree() { return client.tree(); }

  Client client;
  std::string cursor;
  std::vector<Entry> last;
};

TEST_CASE("create, edit, touch: a file entry with a new rev") {
  Watcher w;
  const std::string id = w.tree().AddFile("/a.txt", "one");
  w.Begin();
  const std::string first_rev = w.tree().Snapshot()[0].rev;
  w.tree().Overwrite("/A.TXT", "two");
  CHECK(w.Changes() == Lines{"file /a.txt"});
  CHECK(w.last[0].id == id);
  CHECK(w.last[0].rev != first_rev);
  w.tree().Touch("/a.txt");
  CHECK(w.Changes() == Lines{"file /a.txt"});
  CHECK(w.client.PictureIsRight());
}

TEST_CASE("delete a folder: its own deleted entry, and children's as the style says") {
  const std::map<EventStyle::Children, Lines> kExpected = {
      {EventStyle::Children::kNone, {"deleted /a"}},
      {EventStyle::Children::kSome, {"deleted /a", "deleted /a/b"}},
      {EventStyle::Children::kAll, {"deleted /a", "deleted /a/b", "deleted /a/b/c"}}};
  for (const auto& [children, expected] : kExpected) {
    Watcher w;
    w.tree().AddFile("/a/b/c", "x");
    w.tree().AddFile("/a b", "a neighbour");
    w.tree().AddFile("/a.txt", "another");
    w.Begin();
    w.tree().set_event_style({false, true, children});
    w.tree().Delete("/a");
    CHECK(w.Changes() == expected);
    CHECK(w.client.PictureIsRight());
    CHECK(w.tree().Snapshot().size() == 2);
  }
}

TEST_CASE("move a file: deleted and file with the same id, in either order") {
  for (const bool deleted_last : {false, true}) {
    Watcher w;
    const std::string id = w.tree().AddFile("/a.txt", "x");
    w.Begin();
    w.tree().set_event_style({deleted_last, true, EventStyle::Children::kNone});
    w.tree().Move("/a.txt", "/b.txt");
    CHECK(w.Changes() == (deleted_last ? Lines{"file /b.txt", "deleted /a.txt"}
                                       : Lines{"deleted /a.txt", "file /b.txt"}));
    CHECK(w.last[deleted_last ? 0 : 1].id == id);
    CHECK(w.client.PictureIsRight());
  }
}

TEST_CASE("move a folder: everything under it again, with its old ids") {
  Watcher w;
  w.tree().AddFile("/a/one", "1");
  const std::string two = w.tree().AddFile("/a/b/two", "2");
  w.Begin();
  w.tree().Move("/a", "/z/a");
  CHECK(w.Changes() == Lines{"folder /z", "deleted /a", "folder /z/a", "folder /z/a/b",
                             "file /z/a/b/two", "file /z/a/one"});
  CHECK(w.last[4].id == two);
  CHECK(w.client.PictureIsRight());
}

TEST_CASE("a change of case alone: nothing, until something else changes or all is listed") {
  Watcher w;
  w.tree().AddFile("/Notes.txt", "x");
  w.Begin();
  w.tree().CaseRename("/notes.txt", "NOTES.txt");
  CHECK(w.Changes().empty());
  const Answer now = w.client.Call("files/get_metadata", R"({"path":"/notes.txt"})");
  CHECK(now.Get("name") == "NOTES.txt");
  w.tree().Overwrite("/notes.txt", "y");
  CHECK(w.Changes() == Lines{"file /notes.txt"});
}

TEST_CASE("a file in place of a folder: one entry, and the children are gone") {
  Watcher w;
  w.tree().AddFile("/x/y/z", "deep");
  w.Begin();
  w.tree().ReplaceFolderByFile("/x", "flat");
  CHECK(w.Changes() == Lines{"file /x"});
  CHECK(w.client.PictureIsRight());
  CHECK(w.tree().Snapshot().size() == 1);
}

TEST_CASE("deleted and made again: a new id at the old path") {
  Watcher w;
  const std::string before = w.tree().AddFile("/a.txt", "x");
  w.Begin();
  w.tree().Delete("/a.txt");
  const std::string after = w.tree().AddFile("/a.txt", "x");
  CHECK(before != after);
  CHECK(w.Changes() == Lines{"deleted /a.txt", "file /a.txt"});

  Options options;
  options.style.compact_delta = true;
  Watcher compact(options);
  compact.tree().AddFile("/a.txt", "x");
  compact.Begin();
  compact.tree().Delete("/a.txt");
  compact.tree().AddFile("/a.txt", "x");
  CHECK(compact.Changes() == Lines{"file /a.txt"});
  CHECK(compact.client.PictureIsRight());
}

TEST_CASE("share a folder: deleted, then the same ids again as a mount") {
  Watcher w;
  const std::string folder = w.tree().AddFolder("/team");
  const std::string file = w.tree().AddFile("/team/plan.md", "x");
  w.Begin();
  const std::string shared = w.tree().folders().ShareFolder("/team");
  CHECK(w.Changes() ==
        Lines{"deleted /team", "deleted /team/plan.md", "folder /team", "file /team/plan.md"});
  CHECK(w.last[2].id == folder);
  CHECK(w.last[3].id == file);
  CHECK(w.client.PictureIsRight());
  const Answer mount = w.client.Call("files/get_metadata", R"({"path":"/team"})");
  CHECK(mount.json["sharing_info"]["shared_folder_id"].GetString() == shared);
  const Answer inside = w.client.Call("files/get_metadata", R"({"path":"/team/plan.md"})");
  CHECK(inside.json["sharing_info"]["parent_shared_folder_id"].GetString() == shared);

  w.tree().AddFile("/team/more.md", "y");
  CHECK(w.Changes() == Lines{"file /team/more.md"});
  w.tree().folders().SetMembers(
      shared, {{MemberKind::kUser, w.tree().people().primary().account_id, "owner", false}});
  CHECK_MESSAGE(w.Changes().empty(), "permission changes make no entry");
  w.tree().folders().Unmount("/team");
  CHECK(w.Changes() == Lines{"deleted /team"});
  w.tree().AddFile("ns:" + shared + "/unseen.md", "z");
  CHECK_MESSAGE(w.Changes().empty(), "unmounted folders are not reported");
  w.tree().folders().Mount(shared, "/Elsewhere/Team");
  CHECK(w.Changes() == Lines{"folder /elsewhere", "folder /elsewhere/team",
                             "file /elsewhere/team/more.md", "file /elsewhere/team/plan.md",
                             "file /elsewhere/team/unseen.md"});
  CHECK(w.client.PictureIsRight());
}

TEST_CASE("moving a folder that holds a mount carries the mounted content along") {
  Watcher w;
  w.tree().AddFile("/a/shared/file", "x");
  w.tree().folders().ShareFolder("/a/shared");
  w.Begin();
  w.tree().Move("/a", "/b");
  const Lines lines = w.Changes();
  CHECK(std::count(lines.begin(), lines.end(), "file /b/shared/file") == 1);
  CHECK(w.client.PictureIsRight());
}

TEST_CASE("restored: the old id, or a new one") {
  Watcher w;
  const std::string id = w.tree().AddFile("/a.txt", "x");
  w.tree().Delete("/a.txt");
  CHECK(w.tree().Restore("/a.txt") == id);
  w.tree().Delete("/a.txt");
  CHECK(w.tree().Restore("/a.txt", true) != id);
  w.Begin();
  CHECK(w.client.PictureIsRight());
}

TEST_CASE("deleted for something that never was") {
  Watcher w;
  w.Begin();
  w.tree().DeleteUnseen("/never");
  CHECK(w.Changes() == Lines{"deleted /never"});
}

std::string RandomPath(std::mt19937_64& random) {
  static const Lines kNames = {"a", "b", "A b", "c.txt", "Ünï", "d"};
  std::string path;
  for (std::uint64_t depth = 1 + random() % 3; depth > 0; --depth)
    path += "/" + kNames[random() % kNames.size()];
  return path;
}

// One random change; those that make no sense at the moment are refused by the tree and skipped.
void ChangeSomething(Tree& tree, std::mt19937_64& random) {
  tree.set_event_style(
      {random() % 2 == 0, random() % 2 == 0, static_cast<EventStyle::Children>(random() % 3)});
  const std::string path = RandomPath(random);
  try {
    switch (random() % 9) {
      case 0:
      case 1:
      case 2:
        tree.AddFile(path, std::to_string(random()));
        break;
      case 3:
        tree.AddFolder(path);
        break;
      case 4:
        tree.Delete(path);
        break;
      case 5:
        tree.Move(path, RandomPath(random));
        break;
      case 6:
        tree.Copy(path, RandomPath(random));
        break;
      case 7:
        tree.folders().ShareFolder(path);
        break;
      default:
        tree.Touch(path);
        break;
    }
  } catch (const TreeError&) {
  }
}

TEST_CASE("random changes, in every style, end with the tree") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Options options;
    options.seed = seed;
    options.style = seed % 3 == 0 ? Style::Plain() : seed % 3 == 1 ? Style::Mild() : Style::Nasty();
    options.default_page_size = 5;
    Watcher w(options);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 30; ++i) ChangeSomething(w.tree(), random);
    // The tree keeps changing while it is listed.
    const Answer first = w.client.Call("files/list_folder", R"({"path":"","recursive":true})");
    REQUIRE(first.status == 200);
    std::vector<Entry> entries;
    for (const auto& e : first.json["entries"].GetArray()) {
      entries.push_back({e[".tag"].GetString(), e.HasMember("id") ? e["id"].GetString() : "",
                         e["path_lower"].GetString(),
                         e.HasMember("rev") ? e["rev"].GetString() : ""});
    }
    w.client.Apply(entries);
    w.cursor = first.Get("cursor");
    for (int round = 0; round < 5; ++round) {
      for (int i = 0; i < 10; ++i) ChangeSomething(w.tree(), random);
      w.Changes();
      CHECK(w.client.PictureIsRight());
    }
    CHECK(w.client.sim().Violations().empty());
  }
}

}  // namespace
}  // namespace dbxes::sim

// SPDX-License-Identifier: Apache-2.0
// Patterns of the settings in runs: what they leave out, and what changing them does to the index.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "base/tree_path.h"
#include "base/utf8.h"
#include "support/glob_oracle.h"
#include "support/random_changes.h"
#include "sync/rules_world.h"

namespace dbxes::sync {
namespace {

// What patterns are for: the rest of a path after the folder that is indexed.
std::string Below(const std::string& path_lower, const config::Config& config) {
  for (const std::string& folder : config.dropbox.paths) {
    if (LiesIn(path_lower, folder)) return path_lower.substr(folder.size());
  }
  return path_lower;
}

// The oracle of the world leaves out what its settings leave out.
void FollowPatterns(SyncWorld& world) {
  const config::Config& config = world.config;
  world.is_excluded = [&config](const sim::LiveItem& item) {
    const bool in_tree = !item.path_lower.empty();
    const std::string path = in_tree ? Below(item.path_lower, config) : "/" + item.name;
    const bool is_folder = item.kind == sim::Kind::kFolder;
    const auto matches = [&](const std::string& pattern) {
      return OracleMatches(pattern, path, is_folder);
    };
    if (std::ranges::any_of(config.sync.exclude, matches)) return true;
    return !config.sync.include.empty() && std::ranges::none_of(config.sync.include, matches);
  };
}

// Patterns that cut through the names of the tree.
class RandomPatterns {
 public:
  explicit RandomPatterns(std::uint64_t seed) : random_(seed) {}

  void Draw(SyncWorld& world) {
    const auto items = world.tree().Snapshot();
    const auto some = [&] {
      Strings patterns;
      for (std::size_t n = Below(3); n > 0; --n) {
        std::string pattern = PatternFor(items[Below(items.size())], world);
        // It may begin or end within a character.
        patterns.push_back(IsUtf8(pattern) ? pattern : "*.txt");
      }
      return patterns;
    };
    world.config.sync.include = Below(2) == 0 ? Strings() : some();
    world.config.sync.exclude = some();
  }

 private:
  std::size_t Below(std::size_t end) { return random_() % end; }

  std::string PatternFor(const sim::LiveItem& item, const SyncWorld& world) {
    std::string path = dbxes::sync::Below(item.path_lower, world.config);
    if (path.empty()) path = "/a";
    const std::string name(NameOf(path));
    switch (Below(7)) {
      case 0:
        return path;
      case 1:
        return name;
      case 2:
        return name + "/";
      case 3:
        return path + "/**";
      case 4:
        return "*" + name.substr(std::min(name.rfind('.'), name.size() - 1));
      case 5:
        return std::string(FolderOf(path)) + "/*" + name.substr(name.size() / 2);
      default:
        return "[!" + name.substr(0, 1) + "]*";
    }
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE(
    "what patterns leave out is neither written nor fetched, and is listed with its pattern") {
  SyncWorld world;
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  world.reporter.lists_changes = true;
  world.tree().AddFile("/keep.txt", "one");
  world.tree().AddFile("/Archive/b.txt", "two");
  world.tree().AddFile("/c.tmp", "three");
  world.tree().AddFile("/d.md", "four");
  world.config.sync.include = {"*.txt", "*.tmp"};
  world.config.sync.exclude = {"/archive", "*.TMP"};
  const report::RunSummary first = world.Full();
  CHECK(first.message == "");
  CHECK(Indexed(world) == Strings{"/keep.txt"});
  CHECK(first.counters.excluded == 4);
  CHECK(world.dropbox().Count("files/download") == 1);
  std::sort(world.reporter.changes.begin(), world.reporter.changes.end());
  const std::string listed = fmt::format("{}", fmt::join(world.reporter.changes, "\n"));
  for (const std::string_view line :
       {"/Archive (sync.exclude /archive)", "/Archive/b.txt (sync.exclude /archive)",
        "/c.tmp (sync.exclude *.TMP)", "/d.md (no pattern of sync.include)"}) {
    CAPTURE(line);
    CAPTURE(listed);
    CHECK(listed.find(line) != std::string::npos);
  }

  world.tree().AddFile("/archive/e.txt", "five");
  const report::RunSummary next = world.Incremental();
  CHECK(next.counters.excluded == 1);
  CHECK(next.counters.created == 0);
}

TEST_CASE("a changed pattern asks for a full sync, which deletes and adds") {
  SyncWorld world;
  for (int i = 0; i < 8; ++i) world.tree().AddFile(fmt::format("/a/{}.txt", i), "a");
  for (int i = 0; i < 30; ++i) world.tree().AddFile(fmt::format("/b/{}.txt", i), "b");
  FollowPatterns(world);
  REQUIRE(world.Full().message == "");
  world.config.sync.exclude = {"/a"};
  const report::RunSummary changed = world.Incremental();
  CHECK(changed.exit_code == ExitCode::kFullSyncNeeded);
  CHECK(changed.message.find("sync.exclude is new (\"/a\")") != std::string::npos);
  const report::RunSummary excluded = world.Full();
  CHECK(excluded.message == "");
  CHECK(excluded.counters.deleted == 9);
  CHECK(world.Difference() == "");
  CHECK(world.Incremental().message == "");

  // In another order, or twice, they are the same.
  world.config.sync.exclude = {"/a", "/a"};
  CHECK(world.Incremental().message == "");

  // Most of the index: the safety stop holds.
  world.config.sync.exclude = {"*.txt"};
  const report::RunSummary stopped = world.Full();
  CHECK(stopped.exit_code == ExitCode::kSafetyStop);
  CHECK(stopped.counters.deleted == 0);

  world.config.sync.exclude.clear();
  const report::RunSummary back = world.Full();
  CHECK(back.message == "");
  // The run that stopped has added the folder, which no pattern excluded then.
  CHECK(back.counters.created == 8);
  CHECK(world.Difference() == "");
}

TEST_CASE("patterns and rules both have to let a document in") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "a");
  world.tree().AddFile("/b.txt", "b");
  world.tree().AddFile("/a.md", "c");
  Exclude(world, "name", "equals", "a.txt");
  world.config.sync.include = {"*.txt"};
  CHECK(world.Full().message == "");
  CHECK(Indexed(world) == Strings{"/b.txt"});
}

TEST_CASE("readers are refreshed where patterns leave documents out") {
  SyncWorld world;
  world.config.dropbox.use_document_level_security = true;
  world.tree().AddFile("/a.txt", "a");
  world.tree().AddFile("/b.tmp", "b");
  world.config.sync.exclude = {"*.tmp"};
  REQUIRE(world.Full().message == "");
  const report::RunSummary summary = world.Run(SyncMode::kAccessControl);
  CHECK(summary.message == "");
  CHECK(summary.counters.failed == 0);
  CHECK(Indexed(world) == Strings{"/a.txt"});
}

TEST_CASE("patterns hold through random changes, and when they change themselves") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    sim::Options options;
    options.seed = seed;
    options.default_page_size = 7;
    options.style = seed % 2 == 0 ? sim::Style::Mild() : sim::Style::Nasty();
    options.style.display_case = false;
    SyncWorld world(std::move(options));
    world.config.sync.max_delete.unlimited = true;
    FollowPatterns(world);
    RandomChanges changes(world.tree(), seed);
    changes.Plant(40);
    const bool in_folder = seed % 4 == 0;
    if (in_folder) {
      world.tree().AddFolder("/synced");
      world.config.dropbox.paths = {"/synced"};
      if (seed % 8 == 0) {
        // Its depth is another one.
        world.tree().AddFile("/also/synced/1/1.md", "text");
        world.config.dropbox.paths = {"/also/synced", "/synced"};
      }
      for (int i = 0; i < 9; ++i) {
        world.tree().AddFile(fmt::format("/synced/{}/{}.txt", i % 3, i), "text");
      }
    }
    RandomPatterns patterns(seed);
    patterns.Draw(world);
    REQUIRE(world.Full().message == "");
    REQUIRE(world.Difference() == "");
    for (int round = 0; round < 6; ++round) {
      CAPTURE(round);
      CAPTURE(fmt::format("{}", fmt::join(world.config.sync.include, " ")));
      CAPTURE(fmt::format("{}", fmt::join(world.config.sync.exclude, " ")));
      if (in_folder) {
        // Random ones may take the folder away.
        world.tree().AddFile(fmt::format("/synced/{}/new {}.md", round % 4, round), "text");
        world.tree().AddFile(fmt::format("/also/synced/{}/new {}.md", round % 4, round), "text");
        world.tree().Move(fmt::format("/synced/{}", round % 3), fmt::format("/synced/x{}", round));
        world.tree().Move(fmt::format("/synced/x{}", round), fmt::format("/synced/{}", round % 3));
        if (round % 2 == 0) world.tree().Delete(fmt::format("/synced/0/{}.txt", 3 * (round / 2)));
      } else {
        changes.Change(1 + static_cast<int>(seed % 9));
      }
      REQUIRE(world.Incremental().message == "");
      REQUIRE(world.Difference() == "");
      if (round % 3 != 2) continue;
      patterns.Draw(world);
      REQUIRE(world.Full().message == "");
      REQUIRE(world.Difference() == "");
    }
  }
}

}  // namespace dbxes::sync

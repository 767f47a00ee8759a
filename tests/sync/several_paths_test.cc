// SPDX-License-Identifier: Apache-2.0
// Several folders in one index: what moves between them, in and out, is there once and right.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "faults/dice.h"
#include "support/seeds.h"
#include "support/sync_world.h"
#include "sync/rules_world.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

struct Killed {};

constexpr std::uint64_t kSeeds = 60;

// Two folders that are indexed and one that is not, and what happens in them.
class Folders {
 public:
  explicit Folders(std::uint64_t seed) : dice_(seed), world_(OptionsFor(seed)) {
    world_.config.dropbox.paths = {"/deep/One", "/Two"};
    world_.config.dropbox.include_received_files = false;
    world_.config.sync.max_delete.unlimited = true;
    world_.config.elasticsearch.bulk_max_actions = 10;
    for (int i = 0; i < 24; ++i) world_.tree().AddFile(NewPath(), fmt::format("{}", i));
    for (const char* root : kRoots) world_.tree().AddFile(std::string(root) + "/stays", "x");
  }

  SyncWorld& world() { return world_; }
  Dice& dice() { return dice_; }

  void Change(std::size_t count) {
    while (count > 0) {
      try {
        ChangeOne();
        --count;
      } catch (const sim::TreeError&) {
        // It does not fit the tree as it is.
      }
    }
  }

  // Lets the tree change while a run reads it.
  void ChangeDuring(std::size_t percent) {
    world_.before_answer = [this, percent](const FakeRequest&) {
      if (dice_.Chance(percent)) Change(1);
    };
  }
  void StandStill() {
    world_.before_answer = [](const FakeRequest&) {};
  }

 private:
  static constexpr const char* kRoots[] = {"/deep/One", "/Two", "/elsewhere"};

  static sim::Options OptionsFor(std::uint64_t seed) {
    sim::Options options;
    options.seed = seed;
    options.default_page_size = 5;
    options.style = seed % 3 == 0   ? sim::Style::Plain()
                    : seed % 3 == 1 ? sim::Style::Mild()
                                    : sim::Style::Nasty();
    options.style.display_case = false;
    return options;
  }

  std::string NewPath() {
    return fmt::format("{}/{}/{}", dice_.Pick(kRoots), dice_.Below(3), dice_.Below(30));
  }

  // Never the folders themselves.
  void ChangeOne() {
    std::vector<std::string> paths;
    for (const sim::LiveItem& item : world_.tree().Snapshot()) {
      const std::size_t depth = static_cast<std::size_t>(
          std::count(item.path_display.begin(), item.path_display.end(), '/'));
      const std::size_t root_depth = item.path_lower.starts_with("/deep") ? 2 : 1;
      if (depth > root_depth && !item.path_lower.ends_with("/stays") &&
          !item.path_lower.ends_with("/traveller")) {
        paths.push_back(item.path_display);
      }
    }
    if (paths.empty() || dice_.Chance(25)) return (void)world_.tree().AddFile(NewPath(), "new");
    const std::string& path = dice_.Pick(paths);
    if (dice_.Chance(20)) return world_.tree().Delete(path);
    if (dice_.Chance(20)) return world_.tree().Overwrite(path, fmt::format("{}", ++count_));
    world_.tree().Move(path, NewPath());
  }

  Dice dice_;
  SyncWorld world_;
  int count_ = 0;
};

// Those that this person may see.
std::size_t SeenBy(const SyncWorld& world, const std::string& person) {
  const auto documents = world.elastic.Documents("docs");
  return static_cast<std::size_t>(std::ranges::count_if(documents, [&](const auto& document) {
    return document.second.find("user_id:" + person) != std::string::npos;
  }));
}

}  // namespace

TEST_CASE("several folders: incremental runs follow what moves between them") {
  const Seeds seeds = SeedsFromEnvironment("DBX_ES_PATHS_SEED", "DBX_ES_PATHS_SEEDS", kSeeds);
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    CAPTURE(seed);
    Folders folders(seed);
    SyncWorld& world = folders.world();
    REQUIRE(world.Full().message == "");
    REQUIRE(world.Difference() == "");
    for (int round = 0; round < 6; ++round) {
      CAPTURE(round);
      folders.Change(1 + folders.dice().Below(12));
      if (seed % 2 == 0) folders.ChangeDuring(20);
      REQUIRE(world.Incremental().message == "");
      folders.StandStill();
      REQUIRE(world.Incremental().message == "");
      REQUIRE(world.Difference() == "");
    }
  }
}

TEST_CASE("several folders: a file that moves between them is never missing") {
  const Seeds seeds = SeedsFromEnvironment("DBX_ES_PATHS_SEED", "DBX_ES_PATHS_SEEDS", kSeeds);
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    CAPTURE(seed);
    Folders folders(seed);
    SyncWorld& world = folders.world();
    std::string at = "/Two/traveller";
    const std::string id = world.tree().AddFile(at, "x");
    REQUIRE(world.Full().message == "");
    for (int round = 0; round < 6; ++round) {
      CAPTURE(round);
      folders.Change(3);
      const std::size_t moment = folders.dice().Below(9);
      std::size_t requests = 0;
      world.before_answer = [&](const FakeRequest&) {
        if (requests++ != moment) return;
        const std::string to = at == "/Two/traveller" ? "/deep/One/traveller" : "/Two/traveller";
        world.tree().Move(std::exchange(at, to), to);
      };
      REQUIRE((round % 3 == 2 ? world.Full() : world.Incremental()).message == "");
      folders.StandStill();
      CHECK(world.elastic.Documents("docs").contains(id));
    }
  }
}

TEST_CASE("several folders: a run that is killed at any event is continued") {
  const Seeds seeds = SeedsFromEnvironment("DBX_ES_PATHS_SEED", "DBX_ES_PATHS_SEEDS", kSeeds);
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    CAPTURE(seed);
    Folders folders(seed);
    SyncWorld& world = folders.world();
    const bool full = seed % 2 == 0;
    if (!full) REQUIRE(world.Full().message == "");
    folders.Change(15);
    for (int kills = 0; kills < 3; ++kills) {
      std::size_t events = folders.dice().Spread(8);
      const bool kill = folders.dice().Chance(60);
      world.stop_signal = [&]() -> int {
        if (events-- > 0) return 0;
        events = 0;
        if (kill) throw Killed{};
        return SIGTERM;
      };
      try {
        (void)(full ? world.Full() : world.Incremental());
      } catch (const Killed&) {
        world.files.Crash();
      }
      folders.Change(4);
    }
    world.stop_signal = [] { return 0; };
    REQUIRE(world.Incremental().message == "");
    REQUIRE(world.Difference() == "");
  }
}

TEST_CASE("several folders: other folders need a full sync, and fewer of them a confirmation") {
  Folders folders(1);
  SyncWorld& world = folders.world();
  REQUIRE(world.Full().message == "");
  world.config.dropbox.paths = {"/Two", "/deep/One", "/elsewhere"};
  const report::RunSummary more = world.Incremental();
  CHECK(more.exit_code == ExitCode::kFullSyncNeeded);
  CHECK(more.message.find("the list dropbox.path has changed") != std::string::npos);
  REQUIRE(world.Full().message == "");
  CHECK(world.Difference() == "");

  world.config.dropbox.paths = {"/Two"};
  const report::RunSummary fewer = world.Full();
  CHECK(fewer.exit_code == ExitCode::kSafetyStop);
  CHECK(fewer.message.find("holds the Dropbox folders /Two, /deep/One, /elsewhere, and this run is "
                           "for /Two") != std::string::npos);
  world.options.change_path = true;
  REQUIRE(world.Full().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("several folders: one that is gone ends each run, and nothing is deleted") {
  for (const bool full : {true, false}) {
    CAPTURE(full);
    Folders folders(2);
    SyncWorld& world = folders.world();
    REQUIRE(world.Full().message == "");
    const std::size_t held = world.elastic.Documents("docs").size();
    world.tree().Move("/Two", "/elsewhere/Two");
    for (int run = 0; run < 2; ++run) {
      const report::RunSummary summary = full ? world.Full() : world.Incremental();
      CHECK(summary.exit_code == ExitCode::kConfiguration);
      CHECK(summary.message.find("no folder /Two (dropbox.path); nothing was deleted") !=
            std::string::npos);
      CHECK(world.elastic.Documents("docs").size() == held);
    }
    world.tree().Move("/elsewhere/Two", "/Two");
    REQUIRE(world.Incremental().message == "");
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("several folders: those of a team space are in its root, also when that changes") {
  SyncWorld world;
  world.config.dropbox.include_received_files = false;
  const std::string ann = world.tree().people().primary().account_id;
  world.tree().people().MakeTeam("Acme");
  world.tree().folders().GiveTeamSpace(ann);
  for (const char* name : {"Eng", "Fin", "Other"}) {
    const std::string id = world.tree().folders().AddTeamFolder(name);
    world.tree().AddFile("ns:" + id + "/plan.txt", "x");
  }
  world.config.dropbox.paths = {"/Eng", "/Fin"};
  const Strings expected{"/eng", "/eng/plan.txt", "/fin", "/fin/plan.txt"};
  REQUIRE(world.Full().message == "");
  CHECK(Indexed(world) == expected);
  world.tree().folders().ChangeRoot(ann, sim::RootLayout::kOwnRoot);
  REQUIRE(world.Incremental().message == "");
  CHECK(Indexed(world) == expected);
}

TEST_CASE("several folders: acl-sync asks for nobody beside them") {
  SecureWorld world;
  const std::string bob = world.AddPerson("bob");
  const std::string cid = world.AddPerson("cid");
  for (const char* path : {"/One/s/a.txt", "/Two/s/b.txt", "/else/s/c.txt"}) {
    world.tree().AddFile(path, "x");
  }
  world.Share("/One/s", {{sim::MemberKind::kUser, bob, "viewer"}});
  world.Share("/else/s", {{sim::MemberKind::kUser, cid, "viewer"}});
  world.config.dropbox.paths = {"/One", "/Two"};
  // Without a state, too, when rules may not leave anything out.
  for (const bool before : {true, false}) {
    if (!before) REQUIRE(world.Full().message == "");
    REQUIRE(world.Run(SyncMode::kAccessControl).message == "");
    Strings people;
    for (const auto& [id, source] : world.elastic.Documents(".search-acl-filter-docs")) {
      people.push_back(id);
    }
    CHECK(std::ranges::count(people, "bob@example.com") == 1);
    CHECK(std::ranges::count(people, "cid@example.com") == 0);
  }
}

TEST_CASE("several folders: who loses access to one loses it, though another is missing") {
  SecureWorld world;
  const std::string bob = world.AddPerson("bob");
  for (const char* path : {"/One/s/a.txt", "/Two/s/b.txt"}) world.tree().AddFile(path, "x");
  const sim::Member viewer{sim::MemberKind::kUser, bob, "viewer"};
  const std::string shared = world.Share("/One/s", {viewer});
  world.Share("/Two/s", {viewer});
  world.config.dropbox.paths = {"/One", "/Two"};
  REQUIRE(world.Full().message == "");
  REQUIRE(world.Run(SyncMode::kAccessControl).message == "");
  REQUIRE(SeenBy(world, bob) == 4);
  const std::size_t held = world.elastic.Documents("docs").size();
  world.tree().Move("/Two", "/Three");
  world.SetMembers(shared, {});
  for (int run = 0; run < 2; ++run) {
    const report::RunSummary summary = world.Run(SyncMode::kAccessControl);
    CHECK(summary.exit_code == ExitCode::kConfiguration);
    CHECK(summary.message.find("no folder /Two") != std::string::npos);
    // What was in the other one is closed, as all documents that are gone.
    CHECK(SeenBy(world, bob) == 0);
    CHECK(world.elastic.Documents("docs").size() == held);
    // Nobody is forgotten who may only have shared something there.
    CHECK(world.elastic.Documents(".search-acl-filter-docs").contains("bob@example.com"));
  }
  world.tree().Move("/Three", "/Two");
  REQUIRE(world.Incremental().message == "");
  REQUIRE(world.Run(SyncMode::kAccessControl).message == "");
  CHECK(SeenBy(world, bob) == 2);
  CHECK(world.Difference() == "");
}

TEST_CASE("several folders: an incremental run does all but delete where one is missing") {
  Folders folders(6);
  SyncWorld& world = folders.world();
  REQUIRE(world.Full().message == "");
  const std::size_t held = world.elastic.Documents("docs").size();
  world.tree().Move("/Two", "/elsewhere/Two");
  world.tree().AddFile("/deep/One/new.txt", "x");
  for (int run = 0; run < 2; ++run) {
    CHECK(world.Incremental().exit_code == ExitCode::kConfiguration);
    CHECK(world.elastic.Documents("docs").size() == held + 1);
  }
  world.tree().Move("/elsewhere/Two", "/Two");
  REQUIRE(world.Incremental().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("several folders: a safety stop names them as a reason") {
  Folders folders(6);
  SyncWorld& world = folders.world();
  world.config.sync.max_delete = {false, false, 0};
  REQUIRE(world.Full().message == "");
  world.tree().Move("/Two/stays", "/elsewhere/moved");
  const report::RunSummary stopped = world.Full();
  CHECK(stopped.exit_code == ExitCode::kSafetyStop);
  CHECK(stopped.message.find("entries that are outside of dropbox.path, lacks") !=
        std::string::npos);
  CHECK(stopped.message.ends_with("; if not, correct dropbox.path"));
  world.config.sync.exclude = {"**"};
  const report::RunSummary all = world.Full();
  CHECK(all.message.find("that are outside of dropbox.path or excluded by sync.exclude, lacks") !=
        std::string::npos);
  CHECK(all.message.ends_with("; if not, correct dropbox.path or sync.exclude"));
}

TEST_CASE("several folders: one that is a file is named") {
  Folders folders(4);
  SyncWorld& world = folders.world();
  world.config.dropbox.paths = {"/Two", "/deep/One/stays"};
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message.find("/deep/One/stays (dropbox.path) is a file") != std::string::npos);
  CHECK_FALSE(world.elastic.HasIndex("docs"));
}

TEST_CASE("several folders: a quiet run makes one request, whatever their number") {
  Folders folders(3);
  SyncWorld& world = folders.world();
  REQUIRE(world.Full().message == "");
  const auto asked = [&] { return world.dropbox().Count("files/list_folder/continue"); };
  const std::uint64_t before = asked();
  REQUIRE(world.Incremental().message == "");
  CHECK(asked() - before == 1);
  // By the full sync: before the listing, and before what it did not show is deleted.
  CHECK(world.dropbox().Count("files/get_metadata") == 4);
}

TEST_CASE("several folders: what is beside them is neither counted nor listed") {
  Folders folders(5);
  SyncWorld& world = folders.world();
  world.reporter.lists_changes = true;
  const report::RunSummary first = world.Full();
  REQUIRE(first.message == "");
  CHECK(first.counters.excluded == 0);
  CHECK_FALSE(world.reporter.changes.empty());
  for (const std::string& line : world.reporter.changes) {
    CHECK(line.find("elsewhere") == std::string::npos);
  }
  world.config.sync.exclude = {"/0"};
  world.is_excluded = [](const sim::LiveItem& item) {
    return item.path_lower == "/two/0" || item.path_lower.starts_with("/two/0/") ||
           item.path_lower == "/deep/one/0" || item.path_lower.starts_with("/deep/one/0/");
  };
  REQUIRE(world.Full().message == "");
  CHECK(world.Difference() == "");
}

}  // namespace dbxes::sync

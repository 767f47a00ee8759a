// SPDX-License-Identifier: Apache-2.0
// sync.max_delete in incremental runs: beyond a limit that was set nothing is deleted, everything
// else is done, and the deletions wait for somebody who confirms them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "checkpoint/run_history.h"
#include "support/memory_file_system.h"
#include "support/state_text.h"
#include "sync/rules_world.h"

namespace dbxes::sync {
namespace {

struct LimitedWorld : SyncWorld {
  LimitedWorld() {
    for (int i = 0; i < 30; ++i) tree().AddFile(fmt::format("/d/{:02}", i), "x");
    tree().AddFile("/keep.txt", "x");
    REQUIRE(Full().message == "");
    Limit(10);
  }
  void Limit(std::uint64_t count) { config.sync.max_delete = {false, false, count}; }
  // A run that deletes nothing.
  report::RunSummary Stopped(SyncMode mode = SyncMode::kIncremental) {
    const report::RunSummary summary = Run(mode);
    CHECK(summary.exit_code == ExitCode::kSafetyStop);
    CHECK(summary.counters.deleted == 0);
    return summary;
  }
  std::size_t Held() const { return elastic.Documents("docs").size(); }
  bool Has(const std::string& path) const {
    const Strings paths = Indexed(*this);
    return std::find(paths.begin(), paths.end(), path) != paths.end();
  }
};

}  // namespace

TEST_CASE("an incremental run stops before it deletes more than was set") {
  LimitedWorld world;
  world.tree().Delete("/d");
  const report::RunSummary stopped = world.Stopped();
  CHECK(stopped.message ==
        "the changes in Dropbox would delete 31 documents, more than sync.max_delete allows (10); "
        "nothing was deleted, and the deletions wait. Among them: /d, /d/00, /d/01. If that is "
        "right, run: dbx-es incremental --max-delete 31; if not, restore the files in Dropbox");
  CHECK(world.Held() == 32);

  SUBCASE("while it waits, new changes are indexed and the feed is not read again") {
    world.tree().AddFile("/new.txt", "x");
    world.tree().Overwrite("/keep.txt", "changed");
    const std::uint64_t listed = world.dropbox().Count("files/list_folder");
    CHECK(world.Stopped().counters.entries == 2);
    CHECK(world.Stopped().counters.entries == 0);
    CHECK(world.dropbox().Count("files/list_folder") == listed);
    CHECK(world.Has("/new.txt"));
    CHECK(world.Held() == 33);
  }
  SUBCASE("what comes back to its path meanwhile stays") {
    world.tree().AddFile("/d/05", "x");
    world.Stopped();
    CHECK(world.Has("/d/05"));
  }
  SUBCASE("a full sync deletes them, if that is right") {
    world.Stopped(SyncMode::kFull);
    world.Limit(31);
    CHECK(world.Full().message == "");
    CHECK(world.Difference() == "");
    return;
  }
  SUBCASE("a reset of the feed forgets no deletion") {
    world.dropbox().ResetCursors();
    world.Stopped();
  }
  SUBCASE("a limit that has room lets them through, whatever it was before") {
    world.config.sync.max_delete = {};
  }
  if (!world.config.sync.max_delete.automatic) world.Limit(33);
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
  world.elastic.ClearBooks();
  CHECK(world.Incremental().message == "");
  CHECK(world.elastic.requests() == 0);
}

TEST_CASE("a small index is not emptied in silence, a folder is") {
  LimitedWorld world;
  world.config.sync.max_delete = {};
  world.tree().Delete("/d");
  CHECK(world.Stopped().message.find("would delete 31 documents") != std::string::npos);
  for (int i = 0; i < 40; ++i) world.tree().AddFile(fmt::format("/e/{:02}", i), "x");
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(summary.counters.deleted == 31);
  CHECK(world.Difference() == "");
}

TEST_CASE("a moved folder counts nothing, in a dry run either") {
  LimitedWorld world;
  world.tree().Move("/d", "/e");
  SUBCASE("") {}
  SUBCASE("dry run first") {
    world.options.dry_run = true;
    CHECK(world.Incremental().message == "");
    world.options.dry_run = false;
  }
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a dry run stops where the run would, and names what is held back") {
  LimitedWorld world;
  SyncMode mode = SyncMode::kIncremental;
  SUBCASE("of the change feed") { world.tree().Delete("/d"); }
  SUBCASE("of a listing") {
    world.tree().Delete("/d");
    world.dropbox().ResetCursors();
    mode = SyncMode::kFull;
  }
  SUBCASE("of a listing, automatically") {
    world.config.sync.max_delete = {};
    world.tree().Delete("/d");
    mode = SyncMode::kFull;
  }
  world.options.dry_run = true;
  const report::RunSummary summary = world.Run(mode);
  CHECK(summary.exit_code == ExitCode::kSafetyStop);
  CHECK(summary.message.find("--max-delete 31") != std::string::npos);
  CHECK(world.Held() == 32);
  Strings expected{"/d"};
  for (int i = 0; i < 30; ++i) expected.push_back(fmt::format("/d/{:02}", i));
  Strings named = summary.held_back;
  std::sort(named.begin(), named.end());
  CHECK(named == expected);
  CHECK(summary.more_held_back == 0);
  // What is allowed is not held back.
  world.config.sync.max_delete = {false, true, 0};
  const report::RunSummary allowed = world.Run(mode);
  CHECK(allowed.exit_code == ExitCode::kOk);
  CHECK(allowed.held_back.empty());
  CHECK(allowed.counters.deleted == 31);
}

TEST_CASE("a dry run that stops for safety names received files by their name") {
  LimitedWorld world;
  const std::string id = world.tree().shares().AddReceivedFile("offer.docx", "x");
  world.Limit(40);
  REQUIRE(world.Full().message == "");
  world.tree().shares().RevokeReceivedFile(id);
  world.tree().Delete("/keep.txt");
  world.Limit(1);
  world.options.dry_run = true;
  SUBCASE("") {}
  SUBCASE("also where changes are listed") { world.reporter.lists_changes = true; }
  Strings named = world.Full().held_back;
  std::sort(named.begin(), named.end());
  CHECK(named == Strings{"/keep.txt", "offer.docx"});
}

TEST_CASE("a real run that stops for safety names a few documents in its message only") {
  LimitedWorld world;
  world.tree().Delete("/d");
  CHECK(world.Stopped().held_back.empty());
}

TEST_CASE("a safety stop stands until a sync did all of its work") {
  LimitedWorld world;
  const auto stops = [&] {
    MemoryFileSystem files;
    files.files()["/docs.runs.json"] = StateText(world, ".runs.json");
    const auto runs = checkpoint::RunHistory(files, "/docs").Load();
    REQUIRE(runs);
    return checkpoint::StandingStops(*runs);
  };
  CHECK(stops().empty());
  world.tree().Delete("/d");
  world.Stopped();
  REQUIRE(stops().size() == 1);
  const std::string since = stops().front().stopped_since;
  CHECK(since == stops().front().started_at);
  for (int i = 0; i < 25; ++i) {
    world.clock.Advance(Milliseconds(300'000));
    world.Stopped();
  }
  REQUIRE(stops().size() == 1);
  CHECK(stops().front().stopped_since == since);
  CHECK(stops().front().message.find("would delete 31 documents") != std::string::npos);
  world.Limit(31);
  CHECK(world.Incremental().message == "");
  CHECK(stops().empty());
}

TEST_CASE("what rules exclude counts as deleted") {
  LimitedWorld world;
  Exclude(world, "path_lower", "starts_with", "/out");
  world.config.sync.max_delete = {};
  REQUIRE(world.Full().message == "");
  world.Limit(10);
  world.tree().Move("/d", "/out");
  world.Stopped();
  CHECK(world.Held() == 32);
  world.Stopped();
  world.Limit(31);
  CHECK(world.Incremental().message == "");
  CHECK(Indexed(world) == Strings{"/keep.txt"});
}

TEST_CASE("received files that are gone count together with the feed") {
  LimitedWorld world;
  Strings ids;
  for (int i = 0; i < 8; ++i) {
    ids.push_back(world.tree().shares().AddReceivedFile(fmt::format("r{}.docx", i), "x"));
  }
  REQUIRE(world.Incremental().message == "");
  REQUIRE(world.Held() == 40);
  for (const std::string& id : ids) world.tree().shares().RevokeReceivedFile(id);
  SUBCASE("alone they pass") {}
  SUBCASE("more than was set") {
    world.Limit(7);
    CHECK(world.Stopped().message.find("incremental --max-delete 8") != std::string::npos);
    CHECK(world.Stopped().counters.entries == 0);
    world.Limit(8);
  }
  SUBCASE("after others") {
    for (int i = 0; i < 5; ++i) world.tree().Delete(fmt::format("/d/{:02}", i));
    const report::RunSummary stopped = world.Incremental();
    CHECK(stopped.exit_code == ExitCode::kSafetyStop);
    CHECK(stopped.counters.deleted == 5);
    CHECK(stopped.message.find("after 5 that Dropbox reported, nothing more was deleted") !=
          std::string::npos);
  }
  SUBCASE("while others wait, they wait") {
    world.tree().Delete("/d");
    world.Stopped();
    CHECK(world.Held() == 40);
    world.Limit(39);
  }
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("while deletions wait, what failed is tried again and survives them") {
  LimitedWorld world;
  const std::string back = world.tree().AddFile("/d/back", "x");
  REQUIRE(world.Incremental().message == "");
  // Deleted with its folder and restored, as it was; the write that says so is refused.
  world.tree().Move("/d/back", "/apart");
  world.tree().Delete("/d");
  world.tree().AddFolder("/d");
  world.tree().Move("/apart", "/d/back");
  world.elastic.unmappable_ids = {back};
  world.Stopped();
  world.elastic.unmappable_ids.clear();
  const report::RunSummary again = world.Stopped();
  CHECK(again.counters.failed == 0);
  world.Limit(40);
  CHECK(world.Incremental().message == "");
  CHECK(world.elastic.Source("docs", back));
  CHECK(world.Difference() == "");
}

TEST_CASE("failed documents that are gone count, too") {
  LimitedWorld world;
  Strings ids;
  for (int i = 0; i < 12; ++i) ids.push_back(world.tree().AddFile(fmt::format("/f{}", i), "x"));
  REQUIRE(world.Incremental().message == "");
  world.elastic.unmappable_ids = {ids.begin(), ids.end()};
  for (int i = 0; i < 12; ++i) world.tree().Overwrite(fmt::format("/f{}", i), "y");
  int runs = 1;
  SUBCASE("") {}
  // So often that a run does not always try them. What was only not allowed need not wait.
  SUBCASE("having failed often") { runs = 5; }
  for (int i = 0; i < runs; ++i) {
    // From the fourth time on they wait, which is no news.
    REQUIRE(world.Incremental().exit_code == (i < 4 ? ExitCode::kDocumentsFailed : ExitCode::kOk));
  }
  world.elastic.unmappable_ids.clear();
  for (int i = 0; i < 12; ++i) world.tree().Delete(fmt::format("/f{}", i));
  world.Stopped();
  CHECK(world.Held() == 44);
  world.Limit(12);
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a full sync counts what changes while it lists") {
  sim::Options options;
  options.default_page_size = 10;
  SyncWorld world(options);
  for (int i = 0; i < 30; ++i) world.tree().AddFile(fmt::format("/a/{:02}", i), "x");
  for (int i = 0; i < 30; ++i) world.tree().AddFile(fmt::format("/b/{:02}", i), "x");
  REQUIRE(world.Full().message == "");
  world.config.sync.max_delete = {false, false, 10};
  bool happened = false;
  world.stop_signal = [&] {
    if (!happened && world.dropbox().Count("files/list_folder/continue") > 9) {
      happened = true;
      world.tree().Delete("/a");
    }
    return 0;
  };
  const report::RunSummary stopped = world.Full();
  REQUIRE(happened);
  CHECK(stopped.exit_code == ExitCode::kSafetyStop);
  CHECK(stopped.message.find("dbx-es full-sync --max-delete") != std::string::npos);
  CHECK(world.elastic.Documents("docs").size() == 62);
  world.config.sync.max_delete = {false, false, 31};
  CHECK(world.Full().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a run with few changes asks the cluster no more often than before") {
  LimitedWorld world;
  for (int i = 0; i < 5; ++i) world.tree().Delete(fmt::format("/d/{:02}", i));
  for (int i = 5; i < 9; ++i) world.tree().Overwrite(fmt::format("/d/{:02}", i), "y");
  world.elastic.ClearBooks();
  CHECK(world.Incremental().message == "");
  // Comparing, writing, refreshing, finding what is gone, deleting it; and twice which index it is.
  CHECK(world.elastic.requests() == 7);
}

}  // namespace dbxes::sync

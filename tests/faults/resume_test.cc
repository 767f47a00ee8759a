// SPDX-License-Identifier: Apache-2.0
// Runs that end early: the next one continues after the last acknowledged page.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <string>

#include "checkpoint/seen_ids.h"
#include "support/sync_world.h"

namespace dbxes {
namespace {

struct Killed {};

// Ends a run at its n-th event as SIGKILL would; false when it ended by itself before.
bool RunAndKill(SyncWorld& world, sync::SyncMode mode, int events) {
  world.stop_signal = [events]() mutable {
    if (--events < 0) throw Killed{};
    return 0;
  };
  bool killed = false;
  try {
    world.Run(mode);
  } catch (const Killed&) {
    killed = true;
  }
  world.stop_signal = [] { return 0; };
  return killed;
}

sim::Options PagesOf(std::size_t entries) {
  sim::Options options;
  options.default_page_size = entries;
  return options;
}

std::uint64_t ListRequests(SyncWorld& world) {
  return world.dropbox().Count("files/list_folder") +
         world.dropbox().Count("files/list_folder/continue");
}

std::string CheckpointText(SyncWorld& world) {
  for (const auto& [path, content] : world.files.files()) {
    if (path.size() > 5 && path.compare(path.size() - 5, 5, ".json") == 0) return content;
  }
  return "";
}

}  // namespace

TEST_CASE("a full sync that was stopped at any page repeats at most what was in flight") {
  constexpr std::uint64_t kPages = 20;
  for (std::uint64_t page = 1; page < kPages; ++page) {
    CAPTURE(page);
    SyncWorld world(PagesOf(10));
    world.config.dropbox.include_received_files = false;
    world.config.elasticsearch.bulk_max_actions = 10;
    for (int i = 0; i < 200; ++i) world.tree().AddFile(fmt::format("/{}", i), "x");
    // Stops when Dropbox has been asked for this page.
    world.stop_signal = [&] { return ListRequests(world) >= page ? SIGTERM : 0; };
    const report::RunSummary stopped = world.Full();
    REQUIRE(stopped.exit_code == ExitCode::kTerminated);
    const std::uint64_t before = world.elastic.Documents("docs").size();
    world.stop_signal = [] { return 0; };

    const report::RunSummary resumed = world.Full();
    REQUIRE(resumed.message == "");
    CHECK(world.Difference() == "");
    // The page that arrived but was not handled, and the one that was under way.
    CHECK(ListRequests(world) <= kPages + 2);
    CHECK(resumed.counters.created == 200 - before);
    CHECK(resumed.counters.updated == 0);
  }
}

TEST_CASE("a full sync that was killed at any event repeats at most the pages in flight") {
  bool more = true;
  for (int events = 1; more; events += 3) {
    CAPTURE(events);
    SyncWorld world(PagesOf(10));
    world.config.elasticsearch.bulk_max_actions = 10;
    for (int i = 0; i < 60; ++i) world.tree().AddFile(fmt::format("/{}", i), "x");
    more = RunAndKill(world, sync::SyncMode::kFull, events);
    world.files.Crash();
    world.elastic.ClearBooks();
    const std::uint64_t before = world.elastic.Documents("docs").size();
    REQUIRE(world.Incremental().message == "");
    CHECK(world.Difference() == "");
    // Two bulk requests and the open batch are not known to be acknowledged; each fits one page.
    CHECK(world.elastic.writes().size() <= 60 - before + 30);
  }
}

TEST_CASE("a reset while deletions are pending leaves a state that continues after a kill") {
  for (int events = 1;; ++events) {
    CAPTURE(events);
    SyncWorld world(PagesOf(3));
    for (int i = 0; i < 12; ++i) world.tree().AddFile(fmt::format("/a/{}", i), "x");
    REQUIRE(world.Full().exit_code == ExitCode::kOk);
    for (int i = 0; i < 9; ++i) world.tree().Delete(fmt::format("/a/{}", i));
    world.dropbox().Inject(
        sim::Fault::EndpointError("files/list_folder/continue", "reset").Skip(2));
    const bool killed = RunAndKill(world, sync::SyncMode::kIncremental, events);
    world.files.Crash();
    world.dropbox().faults().Clear();
    REQUIRE(world.Incremental().message == "");
    CHECK(world.Difference() == "");
    if (!killed) break;
  }
}

TEST_CASE("a reset twice in a row is one full sync in the end") {
  SyncWorld world(PagesOf(5));
  for (int i = 0; i < 40; ++i) world.tree().AddFile(fmt::format("/{}", i), "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/7");
  world.dropbox().Inject(sim::Fault::EndpointError("files/list_folder/continue", "reset"));
  world.dropbox().Inject(sim::Fault::EndpointError("files/list_folder/continue", "reset").Skip(3));
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(world.Difference() == "");
  world.elastic.ClearBooks();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.elastic.requests() == 0);
}

TEST_CASE("a listing that is reset again and again ends as unavailable") {
  SyncWorld world(PagesOf(5));
  for (int i = 0; i < 40; ++i) world.tree().AddFile(fmt::format("/{}", i), "x");
  world.dropbox().Inject(sim::Fault::EndpointError("files/list_folder/continue", "reset").Times(0));
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kUnavailable);
  world.dropbox().faults().Clear();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

TEST_CASE("a received file that was mounted and unmounted survives a kill at any event") {
  for (int events = 1;; ++events) {
    CAPTURE(events);
    SyncWorld world;
    const std::string id = world.tree().shares().AddReceivedFile("offer.docx", "x");
    world.tree().AddFile("/a.txt", "x");
    REQUIRE(world.Full().exit_code == ExitCode::kOk);
    // The list of received files is the same before and after.
    world.tree().shares().MountReceivedFile(id, "/offer.docx");
    world.tree().Delete("/offer.docx");
    const bool killed = RunAndKill(world, sync::SyncMode::kIncremental, events);
    REQUIRE(world.Incremental().message == "");
    CHECK(world.Difference() == "");
    if (!killed) break;
  }
}

TEST_CASE("a received file that was unmounted while the tree was listed is a received file again") {
  for (int events = 1;; ++events) {
    CAPTURE(events);
    SyncWorld world(PagesOf(2));
    const std::string id = world.tree().shares().AddReceivedFile("offer.docx", "x");
    world.tree().shares().MountReceivedFile(id, "/0.docx");
    for (int i = 1; i < 10; ++i) world.tree().AddFile(fmt::format("/{}", i), "x");
    const bool killed = RunAndKill(world, sync::SyncMode::kFull, events);
    world.tree().Delete("/0.docx");
    REQUIRE(world.Incremental().message == "");
    CHECK(world.Difference() == "");
    if (!killed) break;
  }
}

TEST_CASE("a file that is listed again removes what was listed under it meanwhile") {
  MemoryFileSystem files;
  checkpoint::SeenIds seen(files, "/seen");
  REQUIRE(seen.Open({}).has_value());
  using Place = checkpoint::SeenIds::Place;
  CHECK(seen.Note("id:file", "/a/x", false) == Place::kFree);
  CHECK(seen.Note("id:file", "/a/x", false) == Place::kRepeated);
  // An older state, listed again: the path was a folder then.
  CHECK(seen.Note("id:child", "/a/x/child", false) == Place::kFree);
  SUBCASE("within one run") { CHECK(seen.Note("id:file", "/a/x", false) == Place::kOccupied); }
  SUBCASE("over two runs") {
    REQUIRE(seen.Sync().has_value());
    checkpoint::SeenIds resumed(files, "/seen");
    REQUIRE(resumed.Open(seen.extent()).has_value());
    CHECK(resumed.Note("id:file", "/a/x", false) == Place::kOccupied);
  }
  SUBCASE("when the folder between was known before") {
    CHECK(seen.Note("id:deep", "/b/c/d", false) == Place::kFree);
    CHECK(seen.Note("id:b", "/b", false) == Place::kOccupied);
    CHECK(seen.Note("id:deep", "/b/c/d", false) == Place::kRepeated);
    CHECK(seen.Note("id:b", "/b", false) == Place::kOccupied);
  }
  SUBCASE("a folder keeps what is under it") {
    CHECK(seen.Note("id:folder", "/b", true) == Place::kFree);
    CHECK(seen.Note("id:below", "/b/c", false) == Place::kFree);
    CHECK(seen.Note("id:folder", "/b", true) == Place::kRepeated);
  }
}

TEST_CASE("a clock that jumped back by a day does not delete what came after a kept deletion") {
  SyncWorld world;
  world.config.dropbox.include_received_files = false;
  world.tree().AddFile("/a/1.txt", "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/a");
  // The deletion is noted, but the run ends before it is applied.
  world.elastic.Inject({ElasticFault::Kind::kStatus, "_refresh", 0, -1, 403, "{}", {}, {}, "", ""});
  REQUIRE(world.Incremental().exit_code != ExitCode::kOk);
  world.elastic.ClearFaults();
  world.clock.JumpWall(-std::int64_t{24} * 3600 * 1'000'000);
  world.tree().AddFile("/a/1.txt", "again");
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
  CHECK(CheckpointText(world).find("sync_seq_reserved") != std::string::npos);
}

}  // namespace dbxes

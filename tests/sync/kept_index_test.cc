// SPDX-License-Identifier: Apache-2.0
// Runs whose index is not the one that the last run left, or is kept by somebody else.
#include <doctest/doctest.h>

#include <string>

#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

constexpr Milliseconds kHour{3'600'000};

sim::Options SmallPages() {
  sim::Options options;
  options.default_page_size = 10;
  return options;
}

// A world that a first full sync has run in.
struct SyncedWorld : SyncWorld {
  SyncedWorld() : SyncWorld(SmallPages()) {
    config.elasticsearch.bulk_max_actions = 10;
    for (int i = 0; i < 60; ++i) tree().AddFile("/docs/f" + std::to_string(i), "x");
    REQUIRE(Full().exit_code == ExitCode::kOk);
    reporter.lines.clear();
  }
  bool Said(const std::string& text) const {
    for (const std::string& line : reporter.lines) {
      if (line.find(text) != std::string::npos) return true;
    }
    return false;
  }
};

}  // namespace

TEST_CASE("an index that is another one is made right by the next run that writes") {
  SyncedWorld world;
  const FakeIndex yesterday = world.elastic.Snapshot("docs");
  world.tree().Delete("/docs/f1");
  world.tree().AddFile("/docs/new", "x");
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  SUBCASE("deleted") { world.elastic.DeleteIndex("docs"); }
  SUBCASE("deleted and made again without a mapping") {
    world.elastic.DeleteIndex("docs");
    world.elastic.CreateIndex("docs");
  }
  SUBCASE("deleted and restored") { world.elastic.RestoreDeleted("docs", yesterday); }
  SUBCASE("restored in place") { world.elastic.RestoreInPlace("docs", yesterday); }
  SUBCASE("replaced by an alias") {
    world.elastic.DeleteIndex("docs");
    world.elastic.CreateIndex("blue");
    world.elastic.AddAlias("docs", "blue");
  }
  world.tree().Delete("/docs/f2");
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(world.Said("running a full sync"));
  CHECK(world.Difference() == "");
  // From now on it is the index that the checkpoint knows.
  world.tree().Delete("/docs/f3");
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK_FALSE(world.Said("running a full sync"));
  CHECK(world.Difference() == "");
}

TEST_CASE("a quiet run notices another index within an hour") {
  SyncedWorld world;
  world.elastic.RestoreInPlace("docs", {});
  world.elastic.ClearBooks();
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.elastic.requests() == 0);
  world.clock.Advance(kHour);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Said("running a full sync"));
  CHECK(world.Difference().substr(0, 200) == "");
}

TEST_CASE("a quiet run asks the cluster nothing within the hour") {
  SyncedWorld world;
  world.clock.Advance(kHour);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  world.elastic.ClearBooks();
  for (int i = 0; i < 5; ++i) REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.elastic.requests() == 0);
}

TEST_CASE("an incremental run over a hundred changes makes seven requests") {
  SyncWorld world;
  world.tree().AddSyntheticTree(300, 1);
  for (int i = 0; i < 100; ++i) world.tree().AddFile("/docs/f" + std::to_string(i), "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  for (int i = 0; i < 50; ++i) world.tree().Delete("/docs/f" + std::to_string(i));
  for (int i = 50; i < 100; ++i) world.tree().AddFile("/docs/f" + std::to_string(i), "y");
  world.elastic.ClearBooks();
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  std::string requested;
  for (const std::string& request : world.elastic.requested) requested += request + "\n";
  CAPTURE(requested);
  CHECK(world.elastic.requests() <= 7);
  CHECK(world.Difference() == "");
}

// The test of each moment: the index goes after a number of events of the loop.
TEST_CASE("an index that goes in the middle of a run is made right by that run") {
  for (int moment = 1; moment < 60; moment += 2) {
    CAPTURE(moment);
    SyncWorld world(SmallPages());
    world.config.elasticsearch.bulk_max_actions = 10;
    for (int i = 0; i < 60; ++i) world.tree().AddFile("/docs/f" + std::to_string(i), "x");
    bool incremental = false;
    SUBCASE("first full sync") {}
    SUBCASE("incremental") {
      incremental = true;
      REQUIRE(world.Full().exit_code == ExitCode::kOk);
      for (int i = 0; i < 60; ++i)
        world.tree().Move("/docs/f" + std::to_string(i), "/g" + std::to_string(i));
    }
    int turns = 0;
    world.stop_signal = [&] {
      if (++turns == moment) world.elastic.DeleteIndex("docs");
      return 0;
    };
    const report::RunSummary summary = incremental ? world.Incremental() : world.Full();
    CHECK(summary.message == "");
    CHECK(summary.exit_code == ExitCode::kOk);
    // After its last question, a run cannot know.
    if (!world.elastic.HasIndex("docs")) {
      world.clock.Advance(kHour);
      REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
    }
    const bool equal = world.Difference() == "";
    CHECK(equal);
    const std::string mappings = world.elastic.Mappings("docs");
    CHECK(mappings.find(R"("path_lower":{"type":"keyword")") != std::string::npos);
  }
}

TEST_CASE("a bulk request that finds no index starts the run over") {
  SyncedWorld world;
  world.tree().AddFile("/docs/new", "x");
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kItemStatus;
  fault.status = 404;
  fault.type = "index_not_found_exception";
  fault.reason = "no such index [docs]";
  world.elastic.Inject(fault);
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(world.Said("the index is gone: running a full sync"));
  CHECK(world.Difference() == "");
}

TEST_CASE("a second state folder is refused without --take-over") {
  SyncedWorld world;
  world.config.state_dir = "/laptop";
  world.host_name = "laptop";
  world.tree().Delete("/docs/f1");
  const auto before = world.elastic.Documents("docs");
  for (const SyncMode mode : {SyncMode::kFull, SyncMode::kIncremental}) {
    const report::RunSummary refused = world.Run(mode);
    CHECK(refused.exit_code == ExitCode::kLocked);
    CHECK(refused.message.find("on host machine-1 since") != std::string::npos);
    CHECK(refused.message.find("full-sync --take-over") != std::string::npos);
  }
  CHECK(world.elastic.Documents("docs") == before);

  world.options.take_over = true;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.options.take_over = false;
  CHECK(world.Difference() == "");
  world.tree().Delete("/docs/f2");
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);

  world.config.state_dir = "/state";
  world.tree().AddFile("/docs/late", "x");
  const report::RunSummary former = world.Incremental();
  CHECK(former.exit_code == ExitCode::kLocked);
  CHECK(former.message.find("on host laptop") != std::string::npos);
}

TEST_CASE("a full sync that another one takes the index from stops before it deletes") {
  SyncedWorld world;
  world.tree().Delete("/docs/f1");
  bool taken = false;
  world.stop_signal = [&] {
    if (!taken && world.elastic.Requests("_search") > 0) {
      taken = true;
      const std::string meta =
          R"({"_meta":{"dbx_es":{"state":"0","host":"laptop","since":"now"}}})";
      world.elastic.Handle("PUT", "/docs/_mapping", meta);
    }
    return 0;
  };
  world.elastic.ClearBooks();
  const report::RunSummary summary = world.Full();
  REQUIRE(taken);
  CHECK(summary.exit_code == ExitCode::kLocked);
  CHECK(world.elastic.Documents("docs").size() == 61);
}

TEST_CASE("numbers of writes start above those in the index, whatever the clock says") {
  SyncedWorld world;
  // A clock that was a day ahead, and a state folder that was lost.
  const std::string id = world.elastic.Documents("docs").begin()->first;
  world.config.state_dir = "/lost";
  world.options.take_over = true;
  world.clock.JumpWall(-24 * 3'600'000'000);
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/docs/f1");
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

}  // namespace dbxes::sync

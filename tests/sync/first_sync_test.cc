// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "support/sync_world.h"

namespace dbxes::sync {

TEST_CASE("a first full sync makes the index equal to the tree") {
  SyncWorld world;
  world.tree().AddFile("/Contracts/2026/Lease.PDF", "bytes");
  world.tree().AddFile("/Notes/.profile", "x");
  world.tree().AddPaper("/Notes/Plan.paper", "# Plan");
  world.tree().shares().AddReceivedFile("offer.docx", "offer");
  const report::RunSummary summary = world.Full();
  CHECK(summary.message == "");
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
  CHECK(summary.counters.created == world.elastic.Documents("docs").size());
  CHECK(world.dropbox().Violations() == std::vector<std::string>());
}

TEST_CASE("an index that the run made is not asked what it holds") {
  SyncWorld world;
  world.tree().AddSyntheticTree(500, 1);
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.elastic.Requests("_mget") == 0);
  CHECK(world.elastic.Requests("_search") == 0);
}

TEST_CASE("a listing that is reset half-way compares with what it has written") {
  sim::Options options;
  options.default_page_size = 50;
  SyncWorld world(options);
  world.tree().AddSyntheticTree(500, 1);
  world.dropbox().Inject(sim::Fault::EndpointError("files/list_folder/continue", "reset").Skip(5));
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
  CHECK(summary.counters.unchanged > 0);
  CHECK(world.elastic.writes().size() == world.elastic.Documents("docs").size());
}

TEST_CASE("what the abandoned half of a first listing wrote is deleted when it is gone") {
  sim::Options options;
  options.default_page_size = 10;
  SyncWorld world(options);
  world.config.elasticsearch.bulk_max_actions = 10;
  for (int i = 0; i < 100; ++i) world.tree().AddFile("/f" + std::to_string(i), "x");
  bool deleted = false;
  world.stop_signal = [&] {
    if (!deleted && !world.elastic.writes().empty()) {
      for (int i = 0; i < 100; ++i) {
        const auto place = "/f" + std::to_string(i);
        if (i % 2 == 0) world.tree().Delete(place);
      }
      world.dropbox().ResetCursors();
      deleted = true;
    }
    return 0;
  };
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(deleted);
  CHECK(world.Difference() == "");
}

TEST_CASE("a second full sync of an unchanged tree writes nothing") {
  SyncWorld world;
  world.tree().AddSyntheticTree(5000, 1);
  world.tree().shares().AddReceivedFile("offer.docx", "offer");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.elastic.ClearBooks();
  const report::RunSummary second = world.Full();
  CHECK(second.exit_code == ExitCode::kOk);
  CHECK(world.elastic.writes().empty());
  CHECK(second.counters.unchanged == world.elastic.Documents("docs").size());
  CHECK(world.Difference() == "");
}

TEST_CASE("an incremental run with nothing new asks Dropbox once, and writes nothing") {
  SyncWorld world;
  world.tree().AddSyntheticTree(100, 1);
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.elastic.ClearBooks();
  const std::uint64_t changes = world.files.changes();
  world.clock.Advance(Milliseconds(60'000));
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(world.elastic.requests() == 0);
  CHECK(summary.counters.dropbox_requests == 3);  // token, continue, received files
  // The note of the lock and the record of runs, and no checkpoint.
  CHECK(world.files.changes() - changes == 2);
}

TEST_CASE("moves, deletions and replacements reach the index") {
  SyncWorld world;
  sim::Tree& tree = world.tree();
  tree.AddFile("/a/one.txt", "1");
  tree.AddFile("/a/two.txt", "2");
  tree.AddFile("/ab/near.txt", "3");
  tree.AddFile("/c/deep/er/x.txt", "4");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  REQUIRE(world.Difference() == "");

  tree.Move("/a/one.txt", "/moved.txt");
  tree.Delete("/a");
  tree.ReplaceFolderByFile("/c/deep", "now a file");
  tree.Overwrite("/ab/near.txt", "33");
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(world.Difference() == "");
}

}  // namespace dbxes::sync

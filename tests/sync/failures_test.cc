// SPDX-License-Identifier: Apache-2.0
// Documents that Elasticsearch rejects: recorded, named, tried again, and cleared.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint/failure_edit.h"
#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

std::string FailuresText(SyncWorld& world) {
  for (const auto& [path, content] : world.files.files()) {
    if (path.find(".failures.ndjson") != std::string::npos) return content;
  }
  return "";
}

}  // namespace

TEST_CASE("a refused document is recorded and does not hold up its neighbours") {
  SyncWorld world;
  const std::string bad = world.tree().AddFile("/bad.txt", "x");
  world.tree().AddFile("/good.txt", "x");
  world.elastic.unmappable_ids = {bad};
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.failed == 1);
  CHECK(summary.counters.created == 1);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].id == bad);
  CHECK(summary.failures[0].path == "/bad.txt");
  CHECK(FailuresText(world).find("\"attempts\":1") != std::string::npos);

  SUBCASE("the next run tries again, and counts its attempts") {
    const report::RunSummary again = world.Incremental();
    CHECK(again.exit_code == ExitCode::kDocumentsFailed);
    CHECK(FailuresText(world).find("\"attempts\":2") != std::string::npos);
    CHECK(FailuresText(world).find("\"attempts\":1") == std::string::npos);
  }
  SUBCASE("it is cleared when it succeeds") {
    world.elastic.unmappable_ids.clear();
    CHECK(world.Incremental().exit_code == ExitCode::kOk);
    CHECK(world.Difference() == "");
    CHECK(FailuresText(world) == "");
    CHECK(world.Incremental().counters.elasticsearch_requests == 0);
  }
  SUBCASE("it is forgotten when the file is gone") {
    world.tree().Delete("/bad.txt");
    CHECK(world.Incremental().exit_code == ExitCode::kOk);
    CHECK(world.Difference() == "");
    CHECK(FailuresText(world) == "");
  }
  SUBCASE("a dry run leaves the record alone") {
    const std::string before = FailuresText(world);
    world.options.dry_run = true;
    world.Incremental();
    CHECK(FailuresText(world) == before);
  }
  SUBCASE("a damaged record is refused with words") {
    for (auto& [path, content] : world.files.files()) {
      if (path.find(".failures.ndjson") != std::string::npos) content.insert(0, "x\n");
    }
    const report::RunSummary refused = world.Incremental();
    CHECK(refused.exit_code == ExitCode::kConfiguration);
    CHECK(refused.message.find("failures file") != std::string::npos);
  }
}

TEST_CASE("a refused document is recorded and, once it is accepted, not counted") {
  SyncWorld world;
  const std::string bad = world.tree().AddFile("/bad.txt", "x");
  world.tree().AddFile("/good.txt", "x");
  world.elastic.unmappable_ids = {bad};
  REQUIRE(world.Full().exit_code == ExitCode::kDocumentsFailed);
  std::string path;
  for (const auto& [name, content] : world.files.files()) {
    if (name.ends_with(".failures.ndjson")) path = name;
  }
  world.clock.Advance(Milliseconds(60'000));
  REQUIRE(checkpoint::EditFailures(world.files, world.clock, path, {"/bad.txt"},
                                   checkpoint::FailureAction::kAccept) == 1);
  const report::RunSummary quiet = world.Incremental();
  CHECK(quiet.message == "");
  CHECK(quiet.counters.failed == 0);
  CHECK(quiet.counters.elasticsearch_requests == 0);

  SUBCASE("a full sync tries it, and it stays accepted") {
    const report::RunSummary full = world.Full();
    CHECK(full.message == "");
    CHECK(full.counters.failed == 0);
    CHECK(FailuresText(world).find("\"accepted\":\"20") != std::string::npos);
    CHECK(FailuresText(world).find("\"attempts\":1") != std::string::npos);
  }
  SUBCASE("a move is no other revision") {
    world.clock.Advance(Milliseconds(60'000));
    world.tree().Move("/bad.txt", "/moved.txt");
    CHECK(world.Incremental().message == "");
  }
  SUBCASE("another revision counts again") {
    world.clock.Advance(Milliseconds(60'000));
    world.tree().Overwrite("/bad.txt", "y");
    CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
    CHECK(FailuresText(world).find("\"attempts\":2") != std::string::npos);
    CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  }
  SUBCASE("it is forgotten when it succeeds") {
    world.elastic.unmappable_ids.clear();
    CHECK(world.Full().message == "");
    CHECK(world.Difference() == "");
    CHECK(FailuresText(world) == "");
  }
}

TEST_CASE("Dropbox is asked once for a failed file that is gone, although the run starts over") {
  SyncWorld world;
  const std::string bad = world.tree().AddFile("/bad.txt", "x");
  const std::string good = world.tree().AddFile("/good.txt", "x");
  world.elastic.unmappable_ids = {bad};
  REQUIRE(world.Full().exit_code == ExitCode::kDocumentsFailed);
  world.tree().Delete("/bad.txt");
  world.elastic.Delete("docs", good);
  world.clock.Advance(Milliseconds(3'600'000));
  CHECK(world.Incremental().message == "");
  CHECK(std::any_of(world.reporter.lines.begin(), world.reporter.lines.end(),
                    [](const auto& line) { return line.ends_with("running a full sync"); }));
  CHECK(world.dropbox().Violations() == std::vector<std::string>());
  CHECK(world.Difference() == "");
}

TEST_CASE("the old version of a refused document stays in the index") {
  SyncWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "one");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.elastic.unmappable_ids = {id};
  world.tree().Overwrite("/a.txt", "two");
  CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.elastic.Source("docs", id).has_value());
  world.elastic.unmappable_ids.clear();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

TEST_CASE("a refused deletion is tried again, whether its path is known or not") {
  SyncWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "one");
  world.tree().AddFile("/b.txt", "two");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/a.txt");
  const std::size_t usual = std::exchange(world.elastic.max_body_bytes, 10);
  SUBCASE("of the change feed") {
    CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  }
  SUBCASE("of what a listing did not show") {
    CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
  }
  CHECK(world.elastic.Source("docs", id).has_value());
  world.elastic.max_body_bytes = usual;
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

TEST_CASE("a received file that has left the tree is tried again, and loses its place") {
  SyncWorld world;
  world.tree().AddFile("/b.txt", "two");
  const std::string id = world.tree().shares().AddReceivedFile("r.docx", "x");
  world.tree().shares().MountReceivedFile(id, "/r.docx");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/r.docx");
  world.elastic.unmappable_ids = {id};
  CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.elastic.Source("docs", id).has_value());
  world.elastic.unmappable_ids.clear();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

TEST_CASE("a failed document that moved out of the configured folder is not indexed") {
  SyncWorld world;
  world.config.dropbox.paths = {"/In"};
  const std::string bad = world.tree().AddFile("/In/bad.txt", "x");
  world.tree().AddFolder("/Out");
  world.elastic.unmappable_ids = {bad};
  REQUIRE(world.Full().exit_code == ExitCode::kDocumentsFailed);
  world.elastic.unmappable_ids.clear();
  world.tree().Move("/In/bad.txt", "/Out/bad.txt");
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

TEST_CASE("one received file whose link is closed fails alone") {
  SyncWorld world;
  const std::string good = world.tree().shares().AddReceivedFile("good.txt", "x");
  const std::string bad = world.tree().shares().AddReceivedFile("bad.txt", "x");
  world.tree().shares().received_file(bad).link_error = "shared_link_access_denied";
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.failed == 1);
  CHECK(world.elastic.Source("docs", good).has_value());
  world.tree().shares().received_file(bad).link_error.clear();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

}  // namespace dbxes::sync

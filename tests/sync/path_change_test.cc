// SPDX-License-Identifier: Apache-2.0
// A full sync of another folder than that of the index is confirmed by somebody.
#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "support/state_text.h"
#include "support/sync_world.h"
#include "sync/owners/path_change.h"

namespace dbxes::sync {
namespace {

struct FolderWorld : SyncWorld {
  FolderWorld() {
    config.dropbox.include_received_files = false;
    config.sync.max_delete = {false, true, 0};
    tree().AddFile("/Team/a.txt", "x");
    tree().AddFile("/Other/b.txt", "x");
    config.dropbox.paths = {"/Team"};
    REQUIRE(Full().message == "");
    config.dropbox.paths = {"/Other"};
  }
  std::size_t Held() const { return elastic.Documents("docs").size(); }
};

}  // namespace

TEST_CASE("which folder contains which") {
  CHECK(ContainsPath("", "/a"));
  CHECK(ContainsPath("/", "/a"));
  CHECK(ContainsPath("/", ""));
  CHECK(ContainsPath("/a", "/A"));
  CHECK(ContainsPath("/a", "/a/b"));
  CHECK_FALSE(ContainsPath("/a", ""));
  CHECK_FALSE(ContainsPath("/a", "/"));
  CHECK_FALSE(ContainsPath("/a", "/ab"));
  CHECK_FALSE(ContainsPath("/a/b", "/a"));
}

TEST_CASE("which folders may follow which") {
  CHECK(CheckPaths("docs", {"/a", "/b"}, {"/A", "/b", "/c"}));
  CHECK(CheckPaths("docs", {"/a/x", "/b"}, {"/a", "/b"}));
  CHECK(CheckPaths("docs", {"/a", "/b"}, {""}));
  CHECK_FALSE(CheckPaths("docs", {"/a", "/b"}, {"/a"}));
  CHECK_FALSE(CheckPaths("docs", {""}, {"/a", "/b"}));
}

TEST_CASE("without a terminal, a full sync of another folder stops before it writes") {
  FolderWorld world;
  const std::size_t writes = world.elastic.writes().size();
  const report::RunSummary stopped = world.Full();
  CHECK(stopped.exit_code == ExitCode::kSafetyStop);
  CHECK(stopped.message.find("holds the Dropbox folder /Team, and this run is for /Other") !=
        std::string::npos);
  CHECK(stopped.message.find("--change-path") != std::string::npos);
  CHECK(world.elastic.writes().size() == writes);

  SUBCASE("a dry run shows what would happen") {
    world.options.dry_run = true;
    const report::RunSummary stops = world.Full();
    CHECK(stops.exit_code == ExitCode::kSafetyStop);
    CHECK(stops.message.find("dbx-es full-sync --change-path") != std::string::npos);
    CHECK(stops.held_back.size() == world.Held());
    world.options.change_path = true;
    const report::RunSummary shown = world.Full();
    CHECK(shown.message == "");
    CHECK(shown.counters.deleted == world.Held());
    return;
  }
  SUBCASE("back to the folder of before") {
    world.config.dropbox.paths = {"/Team"};
    CHECK(world.Full().message == "");
  }
  SUBCASE("a folder that contains it") {
    world.config.dropbox.paths = {""};
    CHECK(world.Full().message == "");
  }
  SUBCASE("the flag confirms it") {
    world.options.change_path = true;
    CHECK(world.Full().message == "");
    world.options.change_path = false;
    CHECK(world.Full().message == "");
  }
  CHECK(world.Difference() == "");
}

TEST_CASE("a user at a terminal is asked") {
  for (const char* answer : {"yes", "y", "no", "", "yesterday"}) {
    CAPTURE(answer);
    FolderWorld world;
    world.console.interactive = true;
    world.console.read_answer = [&](Milliseconds patience) -> Result<std::optional<std::string>> {
      CHECK(patience == Milliseconds(60'000));
      return std::optional<std::string>(answer);
    };
    const bool yes = std::string_view(answer) == "yes" || std::string_view(answer) == "y";
    CHECK(world.Full().exit_code == (yes ? ExitCode::kOk : ExitCode::kSafetyStop));
    if (yes) CHECK(world.Difference() == "");
  }
}

TEST_CASE("an index that another state kept is asked about as well") {
  FolderWorld world;
  LoseState(world);
  world.options.take_over = true;
  CHECK(world.Full().exit_code == ExitCode::kSafetyStop);
  world.options.change_path = true;
  CHECK(world.Full().message == "");
  CHECK(world.Difference() == "");
}

}  // namespace dbxes::sync

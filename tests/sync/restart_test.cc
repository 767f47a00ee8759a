// SPDX-License-Identifier: Apache-2.0
// What an abandoned pass leaves must neither be misread nor disturb the next run.
#include <doctest/doctest.h>

#include <string>

#include "support/state_text.h"
#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

struct Killed {};

}  // namespace

TEST_CASE("a run that fails between a reset and the new listing leaves readable state") {
  sim::Options options;
  options.default_page_size = 3;
  SyncWorld world(options);
  world.config.sync.give_up_after = Milliseconds(30'000);
  for (int i = 0; i < 60; ++i) world.tree().AddFile("/f" + std::to_string(i), "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);

  // Pages with deletions to apply are saved, then Dropbox resets the cursor and breaks down.
  for (int i = 0; i < 60; i += 2)
    world.tree().Move("/f" + std::to_string(i), "/g" + std::to_string(i));
  world.dropbox().Inject(sim::Fault::EndpointError("files/list_folder/continue", "reset").Skip(12));
  world.dropbox().Inject(sim::Fault::Html("files/list_folder", 500).Times(0));
  REQUIRE(world.Incremental().exit_code == ExitCode::kUnavailable);

  world.dropbox().faults().Clear();
  const report::RunSummary next = world.Incremental();
  CHECK(next.message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a state that any user can change is not used: nothing is deleted because of it") {
  SyncWorld world;
  world.config.sync.state = config::StateKind::kFolder;
  const std::string id = world.tree().AddFile("/a.txt", "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/a.txt");
  world.state_open = "/state is writable by everybody (mode 0777); run: chmod go-w /state";
  for (const auto mode : {SyncMode::kFull, SyncMode::kIncremental, SyncMode::kAccessControl}) {
    const report::RunSummary summary = world.Run(mode);
    CHECK(summary.exit_code == ExitCode::kConfiguration);
    CHECK(summary.message.find("other users can change the state") != std::string::npos);
    CHECK(summary.message.find("run: chmod go-w /state") != std::string::npos);
    CHECK(StateText(world, ".runs.json").find("other users can change") != std::string::npos);
  }
  CHECK(world.elastic.Source("docs", id));
  world.state_open.clear();
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK_FALSE(world.elastic.Source("docs", id));
}

TEST_CASE("a received file that a killed run has written is gone once it is revoked") {
  for (const bool others : {false, true}) {
    CAPTURE(others);
    bool killed = true;
    for (std::size_t kill_at = 0; killed; ++kill_at) {
      CAPTURE(kill_at);
      SyncWorld world;
      sim::Shares& shares = world.tree().shares();
      if (others) shares.AddReceivedFile("old.docx", "x");
      REQUIRE(world.Full().message == "");
      const std::string received = shares.AddReceivedFile("new.docx", "x");
      killed = false;
      std::size_t events = kill_at;
      world.stop_signal = [&]() -> int {
        if (events-- > 0) return 0;
        throw Killed{};
      };
      try {
        (void)world.Incremental();
      } catch (const Killed&) {
        killed = true;
        world.files.Crash();
      }
      world.stop_signal = [] { return 0; };
      shares.RevokeReceivedFile(received);
      REQUIRE(world.Incremental().message == "");
      CHECK(world.Difference() == "");
    }
  }
}

}  // namespace dbxes::sync

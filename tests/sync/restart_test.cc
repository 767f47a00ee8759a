// SPDX-License-Identifier: Apache-2.0
// What an abandoned pass leaves must neither be misread nor disturb the next run.
#include <doctest/doctest.h>

#include "support/sync_world.h"

namespace dbxes::sync {

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

}  // namespace dbxes::sync

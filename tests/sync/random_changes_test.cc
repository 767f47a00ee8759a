// SPDX-License-Identifier: Apache-2.0
// Random changes in every style in which Dropbox may list them: after each incremental run the
// index equals the tree.
#include "support/random_changes.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "support/random_rules.h"
#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

sim::Options OptionsFor(std::uint64_t seed) {
  sim::Options options;
  options.seed = seed;
  options.default_page_size = 7;
  options.style = seed % 3 == 0   ? sim::Style::Plain()
                  : seed % 3 == 1 ? sim::Style::Mild()
                                  : sim::Style::Nasty();
  // Truth is compared verbatim, and this one changes the letters.
  options.style.display_case = false;
  return options;
}

// The feed repeats entries, each of which is looked at: one of a file that is gone meanwhile is
// asked for again.
std::vector<std::string> Wrongs(std::vector<std::string> violations) {
  std::erase_if(violations, [](const std::string& violation) {
    return violation.starts_with("files/download: asked again after a permanent") ||
           violation.starts_with("files/export: asked again after a permanent");
  });
  return violations;
}

}  // namespace

TEST_CASE("incremental runs follow random changes") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    SyncWorld world(OptionsFor(seed));
    if (seed % 2 == 0) world.config.extraction.mode = config::ExtractionMode::kLocal;
    RandomChanges changes(world.tree(), seed);
    changes.Plant(40);
    const report::RunSummary first = world.Full();
    REQUIRE(first.message == "");
    REQUIRE(world.Difference() == "");
    for (int round = 0; round < 8; ++round) {
      CAPTURE(round);
      changes.Change(1 + static_cast<int>(seed % 9));
      const report::RunSummary summary = world.Incremental();
      REQUIRE(summary.message == "");
      REQUIRE(world.Difference() == "");
    }
    CHECK(fmt::format("{}", fmt::join(Wrongs(world.dropbox().Violations()), "\n")) == "");
  }
}

TEST_CASE("full syncs repair an index that missed random changes") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    SyncWorld world(OptionsFor(seed));
    world.config.sync.max_delete.unlimited = true;
    if (seed % 2 == 0) world.config.extraction.mode = config::ExtractionMode::kLocal;
    RandomChanges changes(world.tree(), seed);
    changes.Plant(60);
    REQUIRE(world.Full().message == "");
    changes.Change(40);
    world.dropbox().ResetCursors();
    // Dropbox forgot the cursor: incremental does the full sync by itself.
    const report::RunSummary summary = world.Incremental();
    REQUIRE(summary.message == "");
    REQUIRE(world.Difference() == "");
    world.elastic.ClearBooks();
    REQUIRE(world.Full().message == "");
    CHECK(world.elastic.writes().empty());
  }
}

TEST_CASE("rules hold through random changes, and when they change themselves") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    SyncWorld world(OptionsFor(seed));
    world.config.sync.max_delete.unlimited = true;
    if (seed % 2 == 0) world.config.extraction.mode = config::ExtractionMode::kLocal;
    UseRules(world, seed);
    RandomChanges changes(world.tree(), seed);
    changes.Plant(40);
    REQUIRE(world.Full().message == "");
    REQUIRE(world.Difference() == "");
    for (int round = 0; round < 8; ++round) {
      CAPTURE(round);
      changes.Change(1 + static_cast<int>(seed % 9));
      REQUIRE(world.Incremental().message == "");
      REQUIRE(world.Difference() == "");
      if (round % 3 != 2) continue;
      UseRules(world, seed + static_cast<std::uint64_t>(round));
      REQUIRE(world.Incremental().exit_code == ExitCode::kFullSyncNeeded);
      REQUIRE(world.Full().message == "");
      REQUIRE(world.Difference() == "");
    }
    CHECK(fmt::format("{}", fmt::join(Wrongs(world.dropbox().Violations()), "\n")) == "");
  }
}

}  // namespace dbxes::sync

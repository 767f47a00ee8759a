// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/target.h"

#include <doctest/doctest.h>

#include "checkpoint/folder_place.h"
#include "support/memory_file_system.h"
#include "unit/elastic/world.h"

namespace dbxes::sync {
namespace {

struct TargetWorld : elastic::World {
  TargetWorld() { config.elasticsearch = elastic::TestElasticConfig(); }
  Target Make(Baseline baseline = Baseline::kStored) {
    return {loop, config, ledger, baseline, 7, [](const Error&, Milliseconds) {}};
  }
  MemoryFileSystem files;
  FileProbe probe;
  checkpoint::FolderPlace place{files, probe, clock, "/state", "docs"};
  Ledger ledger{clock, {place, files, true, "server"}};
  config::Config config;
};

}  // namespace

TEST_CASE("an index that the run creates has nothing to compare with until its listing ends") {
  TargetWorld world;
  Target target = world.Make();
  const auto prepared = target.Prepare(/*may_change=*/true);
  REQUIRE(prepared);
  CHECK(prepared->created);
  CHECK(target.baseline() == Baseline::kNew);
  CHECK(target.lookup() == nullptr);
  target.EndNew();
  CHECK(target.was_new());
  CHECK(target.baseline() == Baseline::kStored);
  CHECK(target.lookup() != nullptr);
  target.EndNew();
  CHECK_FALSE(target.was_new());
}

TEST_CASE("a dry run without an index has nothing to compare with at all") {
  TargetWorld world;
  Target target = world.Make();
  REQUIRE(target.Prepare(/*may_change=*/false));
  CHECK(target.baseline() == Baseline::kNothing);
  target.EndNew();
  CHECK_FALSE(target.was_new());
  CHECK(target.lookup() == nullptr);
  CHECK_FALSE(world.elastic.HasIndex("docs"));
}

TEST_CASE("an index that is there is compared with") {
  TargetWorld world;
  { REQUIRE(world.Make().Prepare(/*may_change=*/true)); }
  Target target = world.Make();
  REQUIRE(target.Prepare(/*may_change=*/true));
  CHECK(target.baseline() == Baseline::kStored);
  CHECK(target.lookup() != nullptr);
  CHECK(target.id_field() == "id.keyword");
  target.CompareWithNothing();
  CHECK(target.lookup() == nullptr);
}

TEST_CASE("a snapshot that cannot be read is a reason, not an error") {
  TargetWorld world;
  { REQUIRE(world.Make().Prepare(/*may_change=*/true)); }
  Target target = world.Make();
  REQUIRE(target.Prepare(/*may_change=*/true));
  ElasticFault fault;
  fault.route = "_search";
  fault.status = 400;
  fault.times = -1;
  world.elastic.Inject(fault);
  std::string problem;
  REQUIRE(target.ReadSnapshot(problem));
  CHECK(problem != "");
  CHECK_FALSE(target.snapshot().AllAccounted());
  world.elastic.ClearFaults();
  problem.clear();
  REQUIRE(target.ReadSnapshot(problem));
  CHECK(problem == "");
  CHECK(target.snapshot().AllAccounted());
}

TEST_CASE("an output file has no index to look at") {
  TargetWorld world;
  Target target = world.Make(Baseline::kNothing);
  std::string problem;
  REQUIRE(target.ReadSnapshot(problem));
  CHECK(problem == "");
  CHECK(world.elastic.requests() == 0);
}

}  // namespace dbxes::sync

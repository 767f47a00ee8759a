// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/late_writes.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "checkpoint/folder_place.h"
#include "support/memory_file_system.h"
#include "unit/elastic/world.h"

namespace dbxes::sync {
namespace {

constexpr std::int64_t kBefore = 1000;

// An index with `count` documents, whose numbers a run that was killed may have given.
struct LateWorld : elastic::World {
  explicit LateWorld(int count) {
    REQUIRE(target.Prepare(/*may_change=*/true));
    for (int i = 0; i < count; ++i) {
      elastic.Put("docs", fmt::format("id:{}", i),
                  fmt::format(R"({{"id":"id:{0}","path_lower":"/{0}.txt","sync_seq":{1}}})", i,
                              kBefore + 1 + i));
    }
    target.EndNew();
    REQUIRE(ledger.Open(1, /*reads_checkpoint=*/true));
    late() = {kBefore, kBefore + count};
  }
  checkpoint::LateWrites& late() { return ledger.checkpoint().late_writes; }
  // The paths that the run has to decide on again.
  std::vector<std::string> Noted() {
    std::vector<std::string> paths;
    for (const auto& one :
         ledger.failures().TakeConflicts([](const auto&) { return true; }, false)) {
      paths.push_back(one.path);
    }
    return paths;
  }

  MemoryFileSystem files;
  FileProbe probe;
  checkpoint::FolderPlace place{files, probe, clock, "/state", "docs"};
  Ledger ledger{clock, {place, files, true, "server"}};
  config::Config config = [] {
    config::Config made;
    made.elasticsearch = elastic::TestElasticConfig();
    return made;
  }();
  Target target{loop, config, ledger, Baseline::kStored, 7, [](const Error&, Milliseconds) {}};
};

}  // namespace

TEST_CASE("what a run that was killed may have written late is decided on again, once") {
  LateWorld world(3);
  const auto found = FindLateWrites(world.ledger, world.target);
  REQUIRE(found);
  CHECK(*found);
  CHECK(world.Noted() == std::vector<std::string>{"/0.txt", "/1.txt", "/2.txt"});
  CHECK_FALSE(world.late().Are());
  CHECK_FALSE(FindLateWrites(world.ledger, world.target).value());
}

TEST_CASE("a received file among them makes the list of received files count as changed") {
  LateWorld world(1);
  CHECK(FindLateWrites(world.ledger, world.target));
  CHECK(world.ledger.checkpoint().received.count == 0);
  world.elastic.Put("docs", "id:r",
                    fmt::format(R"({{"id":"id:r","received":true,"sync_seq":{}}})", kBefore + 2));
  world.late() = {kBefore, kBefore + 2};
  CHECK(FindLateWrites(world.ledger, world.target));
  CHECK(world.ledger.checkpoint().received.count > 1'000'000);
}

TEST_CASE("of many late writes, each run looks at some, and later ones at the rest") {
  LateWorld world(5);
  REQUIRE(FindLateWrites(world.ledger, world.target, 2));
  CHECK(world.Noted() == std::vector<std::string>{"/0.txt", "/1.txt"});
  CHECK(world.late().Are());
  REQUIRE(FindLateWrites(world.ledger, world.target, 2));
  CHECK(world.Noted() == std::vector<std::string>{"/2.txt", "/3.txt"});
  REQUIRE(FindLateWrites(world.ledger, world.target, 2));
  CHECK(world.Noted() == std::vector<std::string>{"/4.txt"});
  CHECK_FALSE(world.late().Are());
}

}  // namespace dbxes::sync

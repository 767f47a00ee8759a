// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/ledger.h"

#include <doctest/doctest.h>

#include "checkpoint/folder_place.h"
#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace dbxes::sync {
namespace {

struct LedgerWorld {
  FakeClock clock;
  MemoryFileSystem files;
};

struct RunPlace {
  explicit RunPlace(LedgerWorld& world)
      : place(world.files, probe, world.clock, "/state", "docs-1") {}

  FileProbe probe;
  checkpoint::FolderPlace place;
};

// The ledger of one run, with the place that the run takes.
struct RunLedger : RunPlace, Ledger {
  explicit RunLedger(LedgerWorld& world, bool keeps = true)
      : RunPlace(world), Ledger(world.clock, {place, world.files, keeps}) {}
};

}  // namespace

TEST_CASE("a ledger gives the next run what it saved") {
  LedgerWorld world;
  {
    RunLedger ledger(world);
    REQUIRE(ledger.Open(1, true));
    CHECK_FALSE(ledger.has_checkpoint());
    ledger.checkpoint().root = {"1", "cursor"};
    REQUIRE(ledger.Save());
  }
  RunLedger next(world);
  REQUIRE(next.Open(2, true));
  CHECK(next.has_checkpoint());
  CHECK(next.checkpoint().root.cursor == "cursor");
}

TEST_CASE("two ledgers of one target do not meet") {
  LedgerWorld world;
  RunLedger ledger(world);
  REQUIRE(ledger.Open(1, true));
  RunLedger other(world);
  const auto opened = other.Open(2, true);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().kind == ErrorKind::kLocked);
}

TEST_CASE("a ledger that keeps nothing reads the checkpoint, takes no lock and saves nothing") {
  LedgerWorld world;
  {
    RunLedger ledger(world);
    REQUIRE(ledger.Open(1, true));
    ledger.checkpoint().root = {"1", "cursor"};
    REQUIRE(ledger.Save());
  }
  const auto before = world.files.files();
  RunLedger keeper(world);
  REQUIRE(keeper.Open(1, true));
  {
    RunLedger dry(world, /*keeps=*/false);
    REQUIRE(dry.Open(2, true));
    CHECK(dry.has_checkpoint());
    dry.checkpoint().root.cursor = "later";
    REQUIRE(dry.BeginChanges());
    dry.pending().Add({"/gone", 1, true, ""});
    REQUIRE(dry.Save());
  }
  for (const auto& [path, text] : before) CHECK(world.files.files().at(path) == text);
  RunLedger file(world, /*keeps=*/false);
  REQUIRE(file.Open(3, /*reads_checkpoint=*/false));
  CHECK_FALSE(file.has_checkpoint());
}

TEST_CASE("numbers are reserved durably before they are used") {
  LedgerWorld world;
  std::int64_t used = 0;
  {
    RunLedger ledger(world);
    REQUIRE(ledger.Open(1, true));
    REQUIRE(ledger.Reserve(3));
    for (int i = 0; i < 3; ++i) used = ledger.sequence().Next();
  }
  world.files.Crash();
  world.clock.JumpWall(-1'000'000'000'000);  // a clock that jumped back must not reuse one
  RunLedger next(world);
  REQUIRE(next.Open(2, true));
  CHECK(next.sequence().Next() > used);
}

TEST_CASE("a run that uses no numbers leaves the checkpoint alone") {
  LedgerWorld world;
  RunLedger ledger(world);
  REQUIRE(ledger.Open(1, true));
  REQUIRE(ledger.Reserve(1));
  const std::uint64_t changes = world.files.changes();
  REQUIRE(ledger.Reserve(0));
  CHECK(world.files.changes() == changes);
}

TEST_CASE("what a checkpoint counts of its side files survives a loss of power") {
  LedgerWorld world;
  {
    RunLedger ledger(world);
    REQUIRE(ledger.Open(1, true));
    ledger.checkpoint().root = {"1", ""};
    ledger.checkpoint().full_sync = checkpoint::FullSyncProgress{};
    REQUIRE(ledger.BeginListing());
    ledger.seen()->Note("id:a", "/a", false);
    ledger.pending().Add({"/gone", 7, true, ""});
    ledger.checkpoint().full_sync->seen = ledger.seen()->extent();
    ledger.checkpoint().pending = ledger.pending().extent();
    REQUIRE(ledger.Save());
    ledger.seen()->Note("id:b", "/b", false);  // not counted
  }
  world.files.Crash();
  RunLedger next(world);
  REQUIRE(next.Open(2, true));
  REQUIRE(next.BeginListing());
  CHECK(next.pending().Covers("/gone/file"));
  const auto seen = next.seen()->LoadSorted();
  REQUIRE(seen);
  CHECK(seen->size() == 1);
}

TEST_CASE("an incremental pass has no seen ids") {
  LedgerWorld world;
  RunLedger ledger(world);
  REQUIRE(ledger.Open(1, true));
  REQUIRE(ledger.BeginChanges());
  CHECK(ledger.seen() == nullptr);
  CHECK(ledger.pending().empty());
}

}  // namespace dbxes::sync

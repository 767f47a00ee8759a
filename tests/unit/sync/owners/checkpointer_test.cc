// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/checkpointer.h"

#include <doctest/doctest.h>

#include "checkpoint/folder_place.h"
#include "support/fake_clock.h"
#include "support/memory_file_system.h"
#include "unit/sync/recording_sink.h"

namespace dbxes::sync {
namespace {

struct CheckpointerWorld {
  CheckpointerWorld() {
    REQUIRE(ledger.Open(1, true));
    ledger.checkpoint().root = {"1", "start"};
    REQUIRE(ledger.BeginChanges());
    sink.releases = false;
    checkpointer.BeginPass();
  }
  Result<void> PageDone(const char* cursor) {
    delta::Page page;
    page.cursor = cursor;
    return checkpointer.PageDone(page);
  }
  const std::string& cursor() { return ledger.checkpoint().root.cursor; }

  FakeClock clock;
  MemoryFileSystem files;
  FileProbe probe;
  checkpoint::FolderPlace place{files, probe, clock, "/state", "docs-1"};
  Ledger ledger{clock, {place, files, true}};
  RecordingSink sink;
  Checkpointer checkpointer{ledger, sink};
};

}  // namespace

TEST_CASE("the cursor moves only past pages that are acknowledged") {
  CheckpointerWorld world;
  REQUIRE(world.PageDone("one"));
  REQUIRE(world.PageDone("two"));
  CHECK(world.cursor() == "start");
  world.sink.released = 1;
  REQUIRE(world.checkpointer.SaveAcknowledged());
  CHECK(world.cursor() == "one");
  REQUIRE(world.checkpointer.SaveAcknowledged());
  CHECK(world.cursor() == "one");
  world.sink.released = 2;
  REQUIRE(world.checkpointer.SaveAcknowledged());
  CHECK(world.cursor() == "two");
}

TEST_CASE("a mark of an abandoned pass does not pass for one of the next") {
  CheckpointerWorld world;
  REQUIRE(world.PageDone("old"));
  world.checkpointer.BeginPass();
  REQUIRE(world.PageDone("new"));
  world.sink.released = 1;
  REQUIRE(world.checkpointer.SaveAcknowledged());
  CHECK(world.cursor() == "start");
  world.sink.released = 2;
  REQUIRE(world.checkpointer.SaveAcknowledged());
  CHECK(world.cursor() == "new");
}

}  // namespace dbxes::sync

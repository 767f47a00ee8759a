// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/eraser.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "elastic/bulk_writer.h"
#include "support/memory_file_system.h"
#include "unit/elastic/world.h"

namespace dbxes::sync {
namespace {

struct EraserWorld {
  EraserWorld() {
    index.elastic.CreateIndex("docs", R"({"properties":{"id":{"type":"keyword"}}})");
    REQUIRE(pending.Open({}));
  }
  void Put(int count, const std::string& folder) {
    for (int i = 0; i < count; ++i) {
      const std::string id = fmt::format("id:{}-{:06}", folder.substr(1), i);
      index.elastic.Put("docs", id,
                        fmt::format(R"({{"id":"{}","path_lower":"{}/{}","ancestors":["{}"],)"
                                    R"("sync_seq":5}})",
                                    id, folder, i, folder));
    }
  }
  Eraser MakeEraser() { return {{index.client, "docs", "id"}, sink}; }
  std::size_t Left() const { return index.elastic.Documents("docs").size(); }

  elastic::World index;
  MemoryFileSystem files;
  checkpoint::PendingDeletions pending{files, "/p"};
  elastic::BulkWriter sink{
      index.client, {.index = "docs", .pipeline = ""}, [](const report::FailedDocument&) {}};
};

}  // namespace

TEST_CASE("deletions are counted before anything is deleted, each document once") {
  EraserWorld world;
  world.Put(30, "/a");
  world.Put(5, "/b");
  // Two batches, and the documents are under both.
  for (int i = 0; i < 1500; ++i) world.pending.Add({"/a", 9, true, ""});
  FeedDeletions counted;
  SUBCASE("and allowed") {
    REQUIRE(world.MakeEraser().Apply(world.pending, [&](const FeedDeletions& gone) -> Result<void> {
      counted = gone;
      CHECK(world.Left() == 35);
      return {};
    }));
    CHECK(world.Left() == 5);
  }
  SUBCASE("or refused") {
    const auto refused =
        world.MakeEraser().Apply(world.pending, [&](const FeedDeletions& gone) -> Result<void> {
          counted = gone;
          return Fail(ErrorKind::kSafetyStop, "too many");
        });
    CHECK_FALSE(refused.has_value());
    CHECK(world.Left() == 35);
    CHECK(world.sink.counters().deleted == 0);
  }
  CHECK(counted.count == 30);
  REQUIRE(counted.paths.size() == FeedDeletions::kMostPaths);
  CHECK(counted.paths.front() == "/a/0");
}

TEST_CASE("few documents are searched once, many are searched again instead of being kept") {
  EraserWorld world;
  bool many = false;
  SUBCASE("few") { world.Put(30, "/a"); }
  SUBCASE("many") {
    world.Put(5'001, "/a");
    many = true;
  }
  world.Put(1, "/b");
  world.pending.Add({"/a", 9, true, ""});
  world.index.elastic.ClearBooks();
  REQUIRE(world.MakeEraser().Apply(world.pending,
                                   [](const FeedDeletions&) -> Result<void> { return {}; }));
  CHECK(world.Left() == 1);
  CHECK(world.index.elastic.Requests("_search") == (many ? 4 : 1));
}

TEST_CASE("where nothing is gone, nobody has to allow it") {
  EraserWorld world;
  world.Put(3, "/b");
  world.pending.Add({"/a", 9, true, ""});
  REQUIRE(world.MakeEraser().Apply(world.pending, [](const FeedDeletions&) -> Result<void> {
    return Fail(ErrorKind::kSafetyStop, "asked");
  }));
  CHECK(world.Left() == 3);
}

}  // namespace dbxes::sync

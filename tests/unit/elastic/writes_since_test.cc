// SPDX-License-Identifier: Apache-2.0
#include "elastic/writes_since.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

struct WritesWorld : World {
  explicit WritesWorld(std::size_t number = 1) {
    elastic.CreateIndex("docs");
    elastic.SetShards("docs", number);
    shards = number;
  }
  // As this version of the document is ours, or somebody else's.
  void Ours(const std::string& id, int version = 1) {
    elastic.Put("docs", id, fmt::format(R"({{"id":"{}","sync_version":{}}})", id, version));
  }
  void Others(const std::string& id) {
    elastic.Put("docs", id,
                fmt::format(R"({{"id":"{}","path_lower":"/{}","sync_version":77}})", id, id));
  }
  ShardMarks Marks() {
    auto marks = ReadShardMarks(client, "docs", shards);
    REQUIRE_MESSAGE(marks, marks.error().message);
    return *marks;
  }
  WritesSince Since(const ShardMarks& marks, std::size_t most = 100) {
    auto writes = FindWritesSince({client, "docs", "id"}, marks, most);
    REQUIRE_MESSAGE(writes, writes.error().message);
    return *writes;
  }
  static std::vector<std::string> IdsOf(const WritesSince& writes) {
    std::vector<std::string> ids;
    for (const WrittenDocument& one : writes.of_others) ids.push_back(one.id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::size_t shards = 1;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("an index without documents has no last write") {
  WritesWorld world(2);
  CHECK(world.Marks() == ShardMarks{-1, -1});
  CHECK(world.Since({-1, -1}).marks == ShardMarks{-1, -1});
}

TEST_CASE("what somebody else has written since is found, and nothing else") {
  for (const std::size_t shards : {1, 3}) {
    CAPTURE(shards);
    WritesWorld world(shards);
    for (int i = 0; i < 20; ++i) world.Ours(fmt::format("id:{}", i));
    world.Others("id:before");
    const ShardMarks marks = world.Marks();
    CHECK(world.Since(marks).marks == marks);
    world.Ours("id:1", 2);
    world.Others("id:2");
    world.Others("id:new");
    world.elastic.Delete("docs", "id:3");
    world.elastic.Put("docs", "id:note", R"({"text":"without an id"})");
    const WritesSince writes = world.Since(marks);
    CHECK(WritesWorld::IdsOf(writes) == Ids{"id:2", "id:new"});
    CHECK(writes.of_others.front().path == "/" + writes.of_others.front().id);
    CHECK_FALSE(writes.too_many);
    // The next look begins behind them, and a shard in which less was written is not behind.
    CHECK(world.Since(writes.marks).of_others.empty());
    for (int i = 0; i < 20; ++i) {
      world.Others(fmt::format("id:{}", i));
      CHECK(world.Since(writes.marks).of_others.size() == static_cast<std::size_t>(i) + 1);
    }
  }
}

TEST_CASE("a document with a changed id is named by its own one, and one without a path, too") {
  WritesWorld world;
  const ShardMarks marks = world.Marks();
  world.elastic.Put("docs", "id:1", R"({"id":"id:other","received":true,"sync_version":9})");
  const WritesSince writes = world.Since(marks);
  REQUIRE(writes.of_others.size() == 1);
  CHECK(writes.of_others[0].id == "id:1");
  CHECK(writes.of_others[0].path == "");
  CHECK(writes.of_others[0].received);
}

TEST_CASE("more writes than a page holds are read to the end") {
  WritesWorld world;
  world.elastic.SetSettings("docs", R"("max_result_window":"10")");
  const ShardMarks marks = world.Marks();
  for (int i = 0; i < 35; ++i) world.Ours(fmt::format("id:{}", i));
  for (int i = 0; i < 25; ++i) world.Others(fmt::format("id:other{}", i));
  CHECK(world.Since(marks).of_others.size() == 25);
  CHECK(world.Since(marks).marks == world.Marks());
  CHECK_FALSE(world.Since(marks, 25).too_many);
  CHECK(world.Since(marks, 24).too_many);
}

TEST_CASE("the last writes show what others have written") {
  WritesWorld world(2);
  CHECK(ReadLastWrites({world.client, "docs", "id"}, 10)->count == 0);
  world.Others("id:long ago");
  for (int i = 0; i < 30; ++i) world.Ours(fmt::format("id:{}", i));
  world.Others("id:other");
  world.elastic.SetSettings("docs", R"("max_result_window":"8")");
  const auto last = ReadLastWrites({world.client, "docs", "id"}, 10);
  REQUIRE(last);
  CHECK(last->count == 8);
  REQUIRE(last->of_others.size() == 1);
  CHECK(last->of_others[0].id == "id:other");
}

TEST_CASE("an answer of a part of a shard is no answer") {
  WritesWorld world;
  ElasticFault fault;
  fault.status = 200;
  fault.body = R"({"timed_out":false,"_shards":{"failed":1},"hits":{"hits":[]}})";
  fault.route = "_search";
  fault.times = -1;
  world.elastic.Inject(fault);
  const auto writes = FindWritesSince({world.client, "docs", "id"}, {-1}, 10);
  REQUIRE_FALSE(writes);
  CHECK(writes.error().kind == ErrorKind::kTemporary);
  CHECK_FALSE(ReadShardMarks(world.client, "docs", 1));
}

}  // namespace dbxes::elastic

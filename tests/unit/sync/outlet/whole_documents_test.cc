// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/whole_documents.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "unit/elastic/world.h"
#include "unit/sync/recording_sink.h"

namespace dbxes::sync {
namespace {

using Lines = std::vector<std::string>;

struct WholeWorld : elastic::World {
  WholeWorld() {
    elastic.CreateIndex("docs");
    elastic.Put("docs", "a", R"({"name":"a","body":"text","note":"mine","of":{"x":1,"y":2}})");
    auto sink = std::make_unique<RecordingSink>();
    written = &sink->lines;
    actions = &sink->actions;
    whole.emplace(std::move(sink), client, "docs");
  }
  Result<void> Update(std::string_view id, std::string_view source, std::string_view tail = "") {
    elastic::BulkAction action;
    action.kind = elastic::BulkAction::kUpdate;
    action.whole = true;
    action.id = id;
    action.source = source;
    action.tail = tail;
    action.version = {5, 1};
    action.sync_seq = 9;
    return whole->Add(action);
  }
  Result<void> Delete(std::string_view id) {
    elastic::BulkAction action;
    action.kind = elastic::BulkAction::kDelete;
    action.id = id;
    return whole->Add(action);
  }

  Lines* written = nullptr;
  std::vector<RecordingSink::Action>* actions = nullptr;
  std::optional<WholeDocuments> whole;
};

}  // namespace

TEST_CASE("an update becomes the whole document, in the order of the actions") {
  WholeWorld world;
  REQUIRE(world.Delete("x"));
  CHECK(*world.written == Lines{"delete x "});
  REQUIRE(world.Update("a", R"({"name":"b","of":{"y":3})", R"(,"body":null,"size":1})"));
  world.whole->Mark(7);
  REQUIRE(world.Delete("z"));
  CHECK(world.written->size() == 1);
  CHECK(world.whole->BufferedBytes() > 0);
  CHECK(world.whole->TakeReleasedMark() == std::nullopt);
  REQUIRE(world.whole->Drain());
  CHECK(*world.written ==
        Lines{"delete x ",
              R"(index a {"name":"b","body":null,"note":"mine","of":{"x":1,"y":3},"size":1})",
              "mark 7", "delete z ", "drain"});
  CHECK((*world.actions)[1].version.seq_no == 5);
  CHECK((*world.actions)[1].sync_seq == 9);
  CHECK(world.whole->BufferedBytes() == 0);
  CHECK(world.whole->TakeReleasedMark() == 7);
}

TEST_CASE("a change of readers alone, and a document that is gone, stay updates") {
  WholeWorld world;
  elastic::BulkAction readers;
  readers.kind = elastic::BulkAction::kUpdate;
  readers.id = "a";
  readers.source = R"({"_allow_access_control":["x"]})";
  REQUIRE(world.whole->Add(readers));
  CHECK(*world.written == Lines{R"(update a {"_allow_access_control":["x"]})"});
  CHECK(world.elastic.requests() == 0);
  REQUIRE(world.Update("gone", R"({"name":"b"})"));
  REQUIRE(world.whole->AwaitId("gone"));
  CHECK(world.written->back() == R"(update gone {"name":"b"})");
}

TEST_CASE("documents are read many at once, and what starts over is dropped") {
  WholeWorld world;
  for (int i = 0; i < 120; ++i) {
    REQUIRE(world.Update(i % 2 == 0 ? "a" : "gone", R"({"name":"b"})"));
  }
  REQUIRE(world.whole->Flush());
  CHECK(world.written->size() == 120);
  CHECK(world.elastic.requests() == 3);
  REQUIRE(world.Update("a", R"({"name":"c"})"));
  world.whole->StartOver();
  REQUIRE(world.whole->Drain());
  CHECK(world.written->size() == 121);  // "drain"
}

TEST_CASE("pages of a long listing do not wait for its end") {
  WholeWorld world;
  REQUIRE(world.Update("a", R"({"name":"b"})"));
  for (std::uint64_t page = 1; page <= 3; ++page) world.whole->Mark(page);
  CHECK(world.whole->TakeReleasedMark() == std::nullopt);
  world.whole->Mark(4);
  CHECK(world.whole->TakeReleasedMark() == 4);
  CHECK(world.written->back() == "mark 4");
}

TEST_CASE("few updates hold up few of the other actions") {
  WholeWorld world;
  REQUIRE(world.Update("a", R"({"name":"b"})"));
  for (std::size_t i = 1; i < ReadingSink::kMostWaiting; ++i) {
    CHECK(world.written->empty());
    REQUIRE(world.Delete("x"));
  }
  CHECK(world.written->size() == ReadingSink::kMostWaiting);
}

TEST_CASE("a run that has given up asks no more") {
  WholeWorld world;
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kStatus;
  fault.status = 403;
  fault.body = R"({"error":{"type":"security_exception","reason":"no"},"status":403})";
  fault.route = "_mget";
  fault.times = -1;
  world.elastic.Inject(fault);
  REQUIRE(world.Update("a", R"({"name":"b"})"));
  CHECK_FALSE(world.whole->Drain());
  const std::uint64_t asked = world.elastic.requests();
  CHECK_FALSE(world.whole->Drain());
  CHECK_FALSE(world.whole->Flush());
  CHECK(world.elastic.requests() == asked);
  CHECK(world.written->empty());
  world.elastic.ClearFaults();
  world.whole->StartOver();
  CHECK(world.whole->Drain());
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_batch.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "base/hash.h"

namespace dbxes::elastic {
namespace {

void Add(BulkBatch& batch, const BulkAction& action) { batch.Append(action, Hash64(action.id)); }

BulkBatch ThreeActions() {
  BulkBatch batch;
  Add(batch, {BulkAction::kIndex, "a", "/A", R"({"n":1})"});
  Add(batch, {BulkAction::kDelete, "bb", "/B", ""});
  Add(batch, {BulkAction::kUpdate, "c", "", R"({"n":3})"});
  return batch;
}

}  // namespace

TEST_CASE("a batch knows its items") {
  const BulkBatch batch = ThreeActions();
  CHECK(batch.size() == 3);
  CHECK(batch.id(0) == "a");
  CHECK(batch.path(0) == "/A");
  CHECK(batch.id(1) == "bb");
  CHECK(batch.path(1) == "/B");
  CHECK(batch.kind(1) == BulkAction::kDelete);
  CHECK(batch.id(2) == "c");
  CHECK(batch.path(2).empty());
  CHECK(batch.bytes() == batch.body()->size());
  CHECK(batch.Contains(Hash64("bb")));
  CHECK_FALSE(batch.Contains(Hash64("b")));
}

TEST_CASE("any part of a batch can be sent again") {
  const BulkBatch batch = ThreeActions();
  CHECK(batch.BodyOf({0, 1, 2}) == *batch.body());
  CHECK(batch.BodyOf({2}) == "{\"update\":{\"_id\":\"c\"}}\n{\"doc\":{\"n\":3}}\n");
  CHECK(batch.BodyOf({1, 0}) ==
        "{\"delete\":{\"_id\":\"bb\"}}\n{\"index\":{\"_id\":\"a\"}}\n{\"n\":1}\n");
  CHECK(batch.BodyOf({}).empty());
}

TEST_CASE("a document is created anew with the same source") {
  BulkBatch batch;
  Add(batch, {BulkAction::kCreate, "a", "/A", R"({"n":1})", "", {}, /*sync_seq=*/7});
  Add(batch, {BulkAction::kDelete, "b", "/B", ""});
  CHECK(batch.sync_seq(0) == 7);
  batch.Recreate(0, /*deleted=*/0);
  CHECK(batch.IsRecreation(0));
  CHECK_FALSE(batch.IsRecreation(1));
  CHECK(batch.BodyOf({0, 1}) ==
        "{\"create\":{\"_id\":\"a\"}}\n{\"n\":1}\n{\"delete\":{\"_id\":\"b\"}}\n");
}

TEST_CASE("clearing a batch leaves a body that is under way alone") {
  BulkBatch batch = ThreeActions();
  const auto under_way = batch.body();
  const std::string before = *under_way;
  batch.Clear();
  CHECK(batch.empty());
  CHECK(batch.bytes() == 0);
  CHECK_FALSE(batch.Contains(Hash64("a")));
  Add(batch, {BulkAction::kDelete, "z", "", ""});
  CHECK(*under_way == before);
  CHECK(batch.id(0) == "z");
}

TEST_CASE("a batch that fits its room stays where it is, also where the room is new") {
  BulkBatch batch(1 << 10);
  const char* memory = batch.body()->data();
  for (int i = 0; i < 20; ++i) Add(batch, {BulkAction::kDelete, std::to_string(i), "", ""});
  CHECK(batch.bytes() > 256);
  CHECK(batch.body()->data() == memory);
  const auto under_way = batch.body();
  batch.Clear();
  CHECK(batch.body()->capacity() >= 1 << 10);
}

TEST_CASE("clearing a batch keeps its memory") {
  BulkBatch batch = ThreeActions();
  const char* memory = batch.body()->data();
  batch.Clear();
  Add(batch, {BulkAction::kDelete, "z", "", ""});
  CHECK(batch.body()->data() == memory);
}

}  // namespace dbxes::elastic

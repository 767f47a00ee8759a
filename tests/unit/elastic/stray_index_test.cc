// SPDX-License-Identifier: Apache-2.0
#include "elastic/stray_index.h"

#include <doctest/doctest.h>

#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

const IndexIdentity kLeft{"the one before", ""};

bool Removes(World& world, const IndexIdentity& left = kLeft) {
  const auto removed = RemoveStrayIndex(world.client, "docs", left);
  REQUIRE(removed);
  CHECK(*removed == !world.elastic.HasIndex("docs"));
  return *removed;
}

}  // namespace

TEST_CASE("an index with nothing but documents of dbx-es is removed") {
  World world;
  world.elastic.Put("docs", "id:1", R"({"sync_seq":1})");
  CHECK(Removes(world));
}

TEST_CASE("an index that anything could be lost with stays") {
  World world;
  SUBCASE("it is the one that the last run left") {
    world.elastic.Put("docs", "id:1", R"({"sync_seq":1})");
    CHECK_FALSE(Removes(world, ReadIdentity(world.client, "docs")->identity));
  }
  SUBCASE("no run has left one") {
    world.elastic.Put("docs", "id:1", R"({"sync_seq":1})");
    CHECK_FALSE(Removes(world, {}));
  }
  SUBCASE("somebody else wrote a document") {
    world.elastic.Put("docs", "id:1", R"({"sync_seq":1})");
    world.elastic.Put("docs", "other", R"({"name":"theirs"})");
    CHECK_FALSE(Removes(world));
  }
  SUBCASE("somebody keeps it") {
    world.elastic.CreateIndex("docs", R"({"_meta":{"dbx_es":{"state":"other"}}})");
    CHECK_FALSE(Removes(world));
  }
  SUBCASE("the name is an alias") {
    world.elastic.CreateIndex("blue");
    world.elastic.AddAlias("docs", "blue");
    CHECK_FALSE(Removes(world));
  }
}

}  // namespace dbxes::elastic

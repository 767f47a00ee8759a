// SPDX-License-Identifier: Apache-2.0
#include "elastic/last_sequence.h"

#include <doctest/doctest.h>

#include "unit/elastic/world.h"

namespace dbxes::elastic {

TEST_CASE("the last sequence is the highest number of all documents") {
  World world;
  world.elastic.CreateIndex("docs");
  CHECK(LastSequence(world.client, "docs") == 0);
  world.elastic.Put("docs", "id:1", R"({"sync_seq":1800000000000000})");
  world.elastic.Put("docs", "id:2", R"({"sync_seq":1900000000000001})");
  world.elastic.Put("docs", "id:3", R"({"name":"without"})");
  const auto last = LastSequence(world.client, "docs");
  REQUIRE(last);
  CHECK(*last >= 1'900'000'000'000'001);
  CHECK(*last <= 1'900'000'000'000'003);
}

TEST_CASE("a number that no clock gives is left out") {
  World world;
  world.elastic.Put("docs", "id:1", R"({"sync_seq":9223372036854775807})");
  world.elastic.Put("docs", "id:2", R"({"sync_seq":4502500115742720})");
  CHECK(LastSequence(world.client, "docs") == 0);
  world.elastic.Put("docs", "id:3", R"({"sync_seq":4502500115742719})");
  CHECK(LastSequence(world.client, "docs") == 4'502'500'115'742'720);
  for (const char* id : {"id:1", "id:2", "id:3"}) world.elastic.Delete("docs", id);
  world.elastic.Put("docs", "id:1", R"({"sync_seq":-5})");
  CHECK(LastSequence(world.client, "docs") == 0);
}

TEST_CASE("an answer of only a part of the index is no answer") {
  World world;
  world.elastic.CreateIndex("docs");
  for (const char* body : {R"({"_shards":{"failed":1},"aggregations":{"last":{"value":5.0}}})",
                           R"({"aggregations":{"last":{"value":5.0}}})"}) {
    CAPTURE(body);
    ElasticFault fault;
    fault.status = 200;
    fault.body = body;
    fault.route = "_search";
    world.elastic.Inject(fault);
    const auto last = LastSequence(world.client, "docs");
    REQUIRE_FALSE(last);
    CHECK(last.error().kind == ErrorKind::kTemporary);
    world.elastic.ClearFaults();
  }
}

}  // namespace dbxes::elastic

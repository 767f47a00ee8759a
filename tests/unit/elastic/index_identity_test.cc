// SPDX-License-Identifier: Apache-2.0
#include "elastic/index_identity.h"

#include <doctest/doctest.h>

#include "elastic/meaning.h"
#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

const Keeper kKeeper{"dbid:AAA", "ana@example.org",      "/Team", "0123",
                     "server",   "2026-01-02T03:04:05Z", "1.2"};

}  // namespace

TEST_CASE("an index that is made again is another one") {
  World world;
  world.elastic.CreateIndex("docs");
  const auto first = ReadIdentity(world.client, "docs");
  REQUIRE(first);
  CHECK(first->index == "docs");
  CHECK(first->identity.known());
  CHECK(first->identity.history == "");
  CHECK_FALSE(first->keeper);
  CHECK(ReadIdentity(world.client, "docs")->identity == first->identity);
  world.elastic.DeleteIndex("docs");
  world.elastic.CreateIndex("docs");
  CHECK(ReadIdentity(world.client, "docs")->identity != first->identity);
}

TEST_CASE("a snapshot that is restored in place is another history of the same index") {
  World world;
  world.elastic.CreateIndex("docs");
  const auto before = ReadIdentity(world.client, "docs");
  world.elastic.RestoreInPlace("docs", world.elastic.Snapshot("docs"));
  const auto after = ReadIdentity(world.client, "docs");
  REQUIRE(after);
  CHECK(after->identity.uuid == before->identity.uuid);
  CHECK(after->identity != before->identity);
}

TEST_CASE("an alias names the index behind it, and one only") {
  World world;
  world.elastic.CreateIndex("blue");
  world.elastic.CreateIndex("green");
  world.elastic.AddAlias("docs", "blue");
  const auto blue = ReadIdentity(world.client, "docs");
  REQUIRE(blue);
  CHECK(blue->index == "blue");
  world.elastic.AddAlias("docs", "green");
  const auto both = ReadIdentity(world.client, "docs");
  REQUIRE_FALSE(both);
  CHECK(both.error().kind == ErrorKind::kConfig);
  CHECK(both.error().message.find("several indices (blue, green)") != std::string::npos);
}

TEST_CASE("an absent index is missing, and no other error") {
  World world;
  const auto absent = ReadIdentity(world.client, "docs");
  REQUIRE_FALSE(absent);
  CHECK(IsMissingIndex(absent.error()));
}

TEST_CASE("the keeper is written beside what others keep in _meta") {
  World world;
  world.elastic.CreateIndex(
      "docs", R"({"_meta":{"team":{"name":"search"},"dbx_es":{"state":"old"}},"properties":{}})");
  const auto before = ReadIdentity(world.client, "docs");
  REQUIRE(before);
  REQUIRE(before->keeper);
  CHECK(before->keeper->state == "old");
  REQUIRE(WriteKeeper(world.client, *before, kKeeper));
  const auto after = ReadIdentity(world.client, "docs");
  REQUIRE(after);
  CHECK(after->keeper == kKeeper);
  CHECK(after->identity == before->identity);
  CHECK(world.elastic.Mappings("docs").find(R"("team":{"name":"search"})") != std::string::npos);
  CHECK(world.elastic.Mappings("docs").find("old") == std::string::npos);
}

TEST_CASE("what is no keeper is none, whatever it is") {
  for (const char* meta : {"{}", R"({"dbx_es":7})", R"({"dbx_es":{}})", R"({"dbx_es":{"state":1}})",
                           R"({"dbx_es":null})", "[]", "7"}) {
    CAPTURE(meta);
    World world;
    world.elastic.CreateIndex("docs", std::string(R"({"_meta":)") + meta + "}");
    const auto reading = ReadIdentity(world.client, "docs");
    REQUIRE(reading);
    CHECK_FALSE(reading->keeper);
  }
}

}  // namespace dbxes::elastic

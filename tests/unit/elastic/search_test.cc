// SPDX-License-Identifier: Apache-2.0
#include "elastic/search.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

constexpr const char* kAll = R"({"match_all":{}})";

void PutNumbered(World& world, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string id = fmt::format("id:{:03}", i);
    // Every third has no sync_seq, and every number stands twice: the id decides between them.
    const std::string number = i % 3 == 0 ? "" : fmt::format(R"(,"sync_seq":{})", i / 2);
    world.elastic.Put(
        "docs", id,
        fmt::format(R"({{"id":"{}","path_lower":"/a/{}","ancestors":["/b","/a","/b"]{}}})", id, i,
                    number));
  }
}

std::vector<std::string> Ids(HitReader& reader, int* pages = nullptr) {
  std::vector<std::string> ids;
  while (true) {
    auto page = reader.Next();
    REQUIRE(page);
    if (page->hits.empty()) return ids;
    if (pages != nullptr) ++*pages;
    for (const Hit& hit : page->hits) ids.emplace_back(hit.id);
  }
}

}  // namespace

TEST_CASE("a page of hits is read") {
  auto read = ReadHitPage(
      R"({"took":1,"timed_out":false,"_shards":{"total":1,"failed":0,"failures":[]},)"
      R"("hits":{"max_score":null,"hits":[{"_index":"d","_id":"a\"b","_score":null,)"
      R"("sort":[-9223372036854775808,"a\"b"]},{"_id":"c","fields":{"path_lower":["/x"],)"
      R"("ancestors":["/","/x"],"sync_seq":[1785924000000000],"other":["/no"]},)"
      R"("_source":{"sort":[1],"hits":[{"_id":"no"}]},"sort":[1785924000000000,null,"z"]}]}})");
  REQUIRE(read);
  const HitPage page = std::move(*read);
  REQUIRE(page.hits.size() == 2);
  CHECK(page.hits[0].id == "a\"b");
  CHECK_FALSE(page.hits[0].sync_seq);
  CHECK(page.hits[1].id == "c");
  CHECK(page.hits[1].sync_seq == 1785924000000000);
  CHECK(page.hits[1].path_lower == "/x");
  CHECK(page.hits[1].ancestors == std::vector<std::string_view>{"/", "/x"});
  CHECK(page.last_sort == R"([1785924000000000,null,"z"])");
}

TEST_CASE("a hit is ours while its version is the one that our write gave it") {
  const VersionStamps stamps("uuid");
  const auto read = ReadHitPage(
      fmt::format(R"({{"hits":{{"hits":[)"
                  R"({{"_id":"a","_version":2,"fields":{{"sync_version":[{0}]}}}},)"
                  R"({{"_id":"b","_version":3,"fields":{{"sync_version":[{0}]}}}},)"
                  R"({{"_id":"c","fields":{{"sync_version":[{0}],"received":[true]}}}}]}}}})",
                  stamps.Of(2)),
      "", stamps);
  REQUIRE(read);
  REQUIRE(read->hits.size() == 3);
  CHECK(read->hits[0].version.is_ours);
  CHECK(read->hits[0].version.next_stamp == stamps.Of(3));
  CHECK_FALSE(read->hits[1].version.is_ours);
  CHECK_FALSE(read->hits[2].version.is_ours);
  CHECK(read->hits[2].received);
  CHECK_FALSE(read->hits[1].received);
}

TEST_CASE("a number that no clock gives is none") {
  Hit hit;
  CHECK_FALSE(hit.Number());
  hit.sync_seq = 5;
  CHECK(hit.Number() == 5);
  hit.sync_seq = kFirstBeyondClocks - 1;
  CHECK(hit.Number() == kFirstBeyondClocks - 1);
  hit.sync_seq = kFirstBeyondClocks;
  CHECK_FALSE(hit.Number());
}

TEST_CASE("a page that may lack hits is a temporary error") {
  for (const char* body : {
           "",
           "<html>",
           R"({"timed_out":true,"hits":{"hits":[]}})",
           R"({"timed_out":false,"_shards":{"failed":1},"hits":{"hits":[{"_id":"a"}]}})",
           R"({"hits":{"hits":[{"_id":"a"})",
       }) {
    const auto read = ReadHitPage(body);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kTemporary);
  }
}

TEST_CASE("every document comes once, those without a number first") {
  World world;
  PutNumbered(world, 47);
  for (const std::size_t page_size : {1, 2, 5, 46, 47, 48, 5000}) {
    CAPTURE(page_size);
    SearchOptions options;
    options.page_size = page_size;
    HitReader reader(world.client, "docs", "id.keyword", kAll, options);
    int pages = 0;
    const std::vector<std::string> ids = Ids(reader, &pages);
    CHECK(ids.size() == 47);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 47);
    CHECK(pages == static_cast<int>((47 + page_size - 1) / page_size));
    CHECK(ids[0] == "id:000");
    CHECK(ids[15] == "id:045");
    CHECK(ids[16] == "id:001");
    CHECK(reader.Next()->hits.empty());
  }
}

TEST_CASE("fields are returned if the search asks for them") {
  World world;
  PutNumbered(world, 2);
  HitReader bare(world.client, "docs", "id", kAll);
  auto page = bare.Next();
  REQUIRE(page);
  CHECK(page->hits[1].sync_seq == 0);
  CHECK(page->hits[1].path_lower.empty());
  CHECK(page->hits[1].ancestors.empty());
  SearchOptions options;
  options.path_lower = true;
  options.ancestors = true;
  HitReader full(world.client, "docs", "id", kAll, options);
  page = full.Next();
  REQUIRE(page);
  CHECK(page->hits[0].path_lower == "/a/0");
  CHECK(page->hits[0].ancestors == std::vector<std::string_view>{"/a", "/b"});
}

TEST_CASE(
    "ids come from doc values where that is asked for, and the number of all hits with them") {
  World world;
  PutNumbered(world, 7);
  SearchOptions options;
  options.page_size = 4;
  options.sync_seq = false;
  options.id_values = "id.keyword";
  HitReader reader(world.client, "docs", "", R"({"exists":{"field":"id.keyword"}})", options);
  auto page = reader.Next();
  REQUIRE(page);
  CHECK(page->total == 7);
  REQUIRE(page->hits.size() == 4);
  CHECK(page->hits[1].id == "id:001");
  CHECK_FALSE(page->hits[1].sync_seq);
  CHECK(Ids(reader).size() == 3);
}

TEST_CASE("a query selects, and documents without an id are nobody's") {
  World world;
  PutNumbered(world, 30);
  world.elastic.Put("docs", "foreign", R"({"path_lower":"/a/4"})");
  HitReader reader(world.client, "docs", "id.keyword",
                   R"({"bool":{"filter":[{"terms":{"path_lower":["/a/4","/a/7","/none"]}},)"
                   R"({"range":{"sync_seq":{"lt":3}}}]}})");
  CHECK(Ids(reader) == std::vector<std::string>{"id:004"});
}

TEST_CASE("the next page is fetched while this one is used") {
  World world;
  PutNumbered(world, 10);
  SearchOptions options;
  options.page_size = 5;
  HitReader reader(world.client, "docs", "id", kAll, options);
  REQUIRE(reader.Next());
  CHECK(world.network.in_flight() == 1);
}

TEST_CASE("a search sees the index as of the last refresh") {
  World world;
  world.elastic.CreateIndex("docs");
  world.elastic.Handle("POST", "/docs/_bulk", "{\"index\":{\"_id\":\"n\"}}\n{\"id\":\"n\"}\n");
  HitReader before(world.client, "docs", "id", kAll);
  CHECK(Ids(before).empty());
  CHECK(Count(world.client, "docs") == 0u);
  REQUIRE(Refresh(world.client, "docs"));
  HitReader after(world.client, "docs", "id", kAll);
  CHECK(Ids(after).size() == 1);
  CHECK(Count(world.client, "docs") == 1u);
  CHECK(Count(world.client, "docs", R"({"term":{"id":"other"}})") == 0u);
}

TEST_CASE("an index that maps no id is read from a snapshot") {
  World world;
  for (int i = 0; i < 12; ++i) {
    world.elastic.Put("acl", fmt::format("user{}@x", i), R"({"identity":{}})");
  }
  for (const std::size_t page_size : {5, 6, 100}) {
    CAPTURE(page_size);
    world.elastic.ClearBooks();
    SearchOptions options;
    options.page_size = page_size;
    HitReader reader(world.client, "acl", "", kAll, options);
    const std::vector<std::string> ids = Ids(reader);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 12);
    CHECK(world.elastic.requested.back() == "DELETE /_search/scroll");
  }
}

TEST_CASE("a page of a snapshot whose answer was lost ends the search") {
  World world;
  for (int i = 0; i < 9; ++i) world.elastic.Put("acl", fmt::format("{}", i), "{}");
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kResetApplied;
  fault.route = "_search/scroll";
  world.elastic.Inject(fault);
  SearchOptions options;
  options.page_size = 3;
  HitReader reader(world.client, "acl", "", kAll, options);
  REQUIRE(reader.Next());
  const auto lost = reader.Next();
  REQUIRE_FALSE(lost);
  CHECK(lost.error().kind == ErrorKind::kTemporary);
}

TEST_CASE("an unreadable answer is requested again, a missing index is kNotFound") {
  World world;
  PutNumbered(world, 3);
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kInvalidJson;
  fault.route = "_search";
  world.elastic.Inject(fault);
  HitReader reader(world.client, "docs", "id", kAll);
  CHECK(Ids(reader).size() == 3);
  HitReader absent(world.client, "absent", "id", kAll);
  CHECK(absent.Next().error().kind == ErrorKind::kNotFound);
  CHECK(Refresh(world.client, "absent").error().kind == ErrorKind::kNotFound);
  CHECK(Count(world.client, "absent").error().kind == ErrorKind::kNotFound);
}

TEST_CASE("a refresh or a count of a part of the index is an error") {
  World world;
  const char* route = "";
  SUBCASE("refresh") { route = "_refresh"; }
  SUBCASE("count") { route = "_count"; }
  world.elastic.CreateIndex("docs");
  ElasticFault fault;
  fault.route = route;
  fault.status = 200;
  fault.times = -1;
  fault.body = R"({"count":3,"_shards":{"failed":1}})";
  world.elastic.Inject(fault);
  CHECK(Refresh(world.client, "docs").has_value() == (std::string(route) == "_count"));
  CHECK(Count(world.client, "docs").has_value() == (std::string(route) == "_refresh"));
  world.elastic.ClearFaults();
  fault.body = "<html>";
  world.elastic.Inject(fault);
  CHECK(Refresh(world.client, "docs").has_value() == (std::string(route) == "_count"));
  CHECK(Count(world.client, "docs").has_value() == (std::string(route) == "_refresh"));
}

TEST_CASE("pages become as small as the index allows, with and without an order") {
  for (const char* id_field : {"id", ""}) {
    World world;
    PutNumbered(world, 7);
    world.elastic.SetSettings("docs", R"("max_result_window":"3")");
    HitReader reader(world.client, "docs", id_field, kAll);
    int pages = 0;
    CHECK(Ids(reader, &pages).size() == 7);
    CHECK(pages == 3);
  }
}

TEST_CASE("another limit of the index is named, with the command that lifts it") {
  World world;
  PutNumbered(world, 1);
  world.elastic.SetSettings("docs", R"("max_docvalue_fields_search":"2")");
  SearchOptions options;
  options.path_lower = true;
  options.ancestors = true;
  HitReader reader(world.client, "docs", "id", kAll, options);
  const auto page = reader.Next();
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::kConfig);
  CHECK(page.error().message.find(
            R"(PUT /docs/_settings {"index.max_docvalue_fields_search":null})") !=
        std::string::npos);
}

}  // namespace dbxes::elastic

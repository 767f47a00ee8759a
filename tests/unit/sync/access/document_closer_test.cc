// SPDX-License-Identifier: Apache-2.0
#include "sync/access/document_closer.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "elastic/bulk_writer.h"
#include "unit/elastic/world.h"

namespace dbxes::sync {
namespace {

struct CloserWorld {
  CloserWorld() {
    index.elastic.CreateIndex("docs", R"({"properties":{"id":{"type":"keyword"}}})");
  }
  void Put(const std::string& id, const std::string& fields) {
    index.elastic.Put("docs", id, fmt::format(R"({{"id":"{}"{}}})", id, fields));
  }
  bool IsClosed(const std::string& id) const {
    return index.elastic.Source("docs", id)->find(R"("_allow_access_control":["nobody"])") !=
           std::string::npos;
  }

  elastic::World index;
  config::ExtractionConfig extraction;
  Outlet outlet{Destination::kCluster,
                std::make_unique<elastic::BulkWriter>(
                    index.client, elastic::BulkSettings{.index = "docs", .pipeline = ""},
                    [](const report::FailedDocument&) {}),
                content::ContentPlanner(extraction, {.pdf = false}), 100};
  report::Counters counters;
  DocumentCloser closer{{index.client, "docs", "id"}, outlet, counters};
};

}  // namespace

TEST_CASE("documents without a list are closed, counted and named") {
  CloserWorld world;
  world.Put("id:a", R"(,"_allow_access_control":["user_id:a"])");
  world.Put("id:b", R"(,"path_lower":"/b","permissions_fingerprint":"1")");
  world.Put("id:c", "");
  bool all = true;
  SUBCASE("all") {
    const auto closed = world.closer.CloseWithoutList(DocumentCloser::Which::kAll);
    REQUIRE(closed);
    CHECK(closed->size() == 2);
    CHECK(closed->front().id == "id:b");
    CHECK(closed->front().path == "/b");
  }
  SUBCASE("those that had one") {
    const auto closed = world.closer.CloseWithoutList(DocumentCloser::Which::kThatHadOne);
    REQUIRE(closed);
    CHECK(closed->size() == 1);
    all = false;
  }
  CHECK(world.counters.without_list == (all ? 2 : 1));
  CHECK_FALSE(world.IsClosed("id:a"));
  CHECK(world.IsClosed("id:b"));
  CHECK(world.IsClosed("id:c") == all);
}

TEST_CASE("where every document has a list, one request is made") {
  CloserWorld world;
  world.Put("id:a", R"(,"_allow_access_control":["user_id:a"])");
  REQUIRE(world.closer.CloseWithoutList(DocumentCloser::Which::kAll));
  CHECK(world.index.elastic.requests() == 1);
}

TEST_CASE("many documents are closed, and no more named than can be asked for") {
  CloserWorld world;
  constexpr std::size_t kMany = 3 * DocumentCloser::kMostNamed;
  for (std::size_t i = 0; i < kMany; ++i) world.Put(fmt::format("id:{:06}", i), "");
  const auto closed = world.closer.CloseWithoutList(DocumentCloser::Which::kAll);
  REQUIRE(closed);
  CHECK(closed->size() == DocumentCloser::kMostNamed);
  CHECK(world.counters.without_list == kMany);
  CHECK(world.IsClosed("id:002999"));
}

TEST_CASE("lists that the index does not find are the mapping's fault, and are not replaced") {
  CloserWorld world;
  world.Put("id:a", R"(,"_allow_access_control":["user_id:a"])");
  const auto answer = [&](const char* route, const char* body) {
    ElasticFault fault;
    fault.route = route;
    fault.status = 200;
    fault.times = -1;
    fault.body = body;
    world.index.elastic.Inject(fault);
  };
  answer("_count", R"({"count":1,"_shards":{"failed":0}})");
  answer("_search", R"({"_shards":{"failed":0},"hits":{"hits":[{"_id":"id:a"}]}})");
  const auto refused = world.closer.CloseWithoutList(DocumentCloser::Which::kAll);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::kConfig);
  CHECK(refused.error().message.find("_allow_access_control") != std::string::npos);
  CHECK_FALSE(world.IsClosed("id:a"));
}

TEST_CASE("what is not listed is closed, unless it is newer or closed already") {
  CloserWorld world;
  const std::string nobody = ToHex64(permissions::NobodysAccessList().fingerprint);
  world.Put("id:listed", R"(,"sync_seq":5)");
  world.Put("id:gone", R"(,"sync_seq":5,"permissions_fingerprint":"1")");
  world.Put("id:newer", R"(,"sync_seq":10)");
  world.Put("id:foreign", "");
  world.Put("id:closed", fmt::format(R"(,"sync_seq":5,"permissions_fingerprint":"{}")", nobody));
  REQUIRE(world.closer.CloseUnlisted([](const elastic::Hit& hit) { return hit.id == "id:listed"; },
                                     10));
  CHECK(world.counters.closed == 2);
  CHECK(world.IsClosed("id:gone"));
  CHECK(world.IsClosed("id:foreign"));
  for (const char* id : {"id:listed", "id:newer", "id:closed"}) CHECK_FALSE(world.IsClosed(id));
}

}  // namespace dbxes::sync

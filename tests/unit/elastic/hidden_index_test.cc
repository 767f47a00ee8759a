// SPDX-License-Identifier: Apache-2.0
#include "elastic/hidden_index.h"

#include <doctest/doctest.h>

#include "elastic/meaning.h"
#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

constexpr std::string_view kWhat = "the answer about the notes";
constexpr std::string_view kMembers = R"("mappings":{"dynamic":"strict"})";

}  // namespace

TEST_CASE("an index of a program is hidden and has one shard") {
  World world;
  std::string body;
  world.network.Route(kHost, [&](const FakeRequest& request) {
    if (request.method == "PUT") body = request.body;
    return world.elastic(request);
  });
  REQUIRE(CreateHiddenIndex(world.client, "/notes", kMembers, kWhat));
  CHECK(body == R"({"settings":{"index":{"hidden":true,"number_of_shards":1,)"
                R"("auto_expand_replicas":"0-1"}},"mappings":{"dynamic":"strict"}})");
  const auto again = CreateHiddenIndex(world.client, "/notes", kMembers, kWhat);
  REQUIRE_FALSE(again);
  CHECK(IsExistingIndex(again.error()));
}

TEST_CASE("a cluster that chooses shards itself gets the mapping alone") {
  World world;
  std::vector<std::string> bodies;
  world.network.Route(kHost, [&](const FakeRequest& request) {
    bodies.push_back(request.body);
    if (request.body.find("number_of_shards") == std::string::npos) return world.elastic(request);
    return FakeAnswer::Json(
        400, R"({"error":{"type":"illegal_argument_exception","reason":"Settings )"
             R"([index.number_of_shards] are not available when running in serverless mode"}})");
  });
  REQUIRE(CreateHiddenIndex(world.client, "/notes", kMembers, kWhat));
  REQUIRE(bodies.size() == 2);
  CHECK(bodies[1] == R"({"mappings":{"dynamic":"strict"}})");
}

}  // namespace dbxes::elastic

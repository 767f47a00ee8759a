// SPDX-License-Identifier: Apache-2.0
#include "find/people.h"

#include <doctest/doctest.h>

#include "find_world.h"

namespace dbxes::find {
namespace {

permissions::Identity Bob() {
  permissions::Identity bob;
  bob.email = "bob@example.com";
  bob.account_id = "dbid:bob";
  bob.groups = {"g1", "g2"};
  return bob;
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a person is found by any address and by the account id") {
  FindWorld world;
  world.AddPerson(Ann());
  world.AddPerson(Bob());
  People people(world.client, "docs");
  for (const char* user : {"Ann@example.com", "ann@EXAMPLE.com", "ann@other.example", "dbid:ann"}) {
    CAPTURE(user);
    const auto filter = people.FilterFor(user);
    REQUIRE(filter);
    CHECK(Has(*filter, R"("user_id:dbid:ann")"));
    CHECK_FALSE(Has(*filter, "bob"));
  }
}

TEST_CASE("nobody else is found") {
  FindWorld world;
  People people(world.client, "docs");
  CHECK(people.FilterFor("ann@example.com").error().kind == ErrorKind::kNotFound);
  world.AddPerson(Ann());
  // A value of the list that is neither an address nor the account.
  for (const char* user : {"g1", "Ann", "ann", "dbid:an", "user_id:dbid:ann"}) {
    CAPTURE(user);
    const auto filter = people.FilterFor(user);
    REQUIRE_FALSE(filter);
    CHECK(filter.error().kind == ErrorKind::kNotFound);
    CHECK(Has(filter.error().message, "has no identity in .search-acl-filter-docs"));
  }
}

TEST_CASE("a closed identity matches nothing") {
  FindWorld world;
  const auto stored =
      ParseJson(permissions::IdentityDocument(Ann(), "2026-08-05T10:00:00Z", true), "ann");
  world.elastic.Put(".search-acl-filter-docs", "Ann@example.com",
                    permissions::ClosedIdentityDocument(*stored));
  CHECK(People(world.client, "docs").FilterFor("Ann@example.com") == R"({"match_none":{}})");
}

TEST_CASE("who has one of the values of a list") {
  using Addresses = std::vector<std::string>;
  FindWorld world;
  People people(world.client, "docs");
  CHECK(people.WhoHas({"group:g1"}) == Addresses{});
  world.AddPerson(Bob());
  world.AddPerson(Ann());
  CHECK(people.WhoHas({"group:g1"}) == Addresses{"Ann@example.com", "bob@example.com"});
  CHECK(people.WhoHas({"group:g2", "email:nobody@example.com"}) == Addresses{"bob@example.com"});
  CHECK(people.WhoHas({"nobody"}) == Addresses{});
}

TEST_CASE("a cluster that fails is no empty list of people") {
  FindWorld world;
  world.AddPerson(Ann());
  ElasticFault refusal;
  refusal.route = "_search";
  refusal.times = -1;
  refusal.status = 403;
  refusal.body = "{}";
  world.elastic.Inject(refusal);
  People people(world.client, "docs");
  CHECK(people.WhoHas({"group:g1"}).error().kind == ErrorKind::kPermission);
  CHECK(people.FilterFor("dbid:ann").error().kind == ErrorKind::kPermission);
}

}  // namespace dbxes::find

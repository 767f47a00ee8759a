// SPDX-License-Identifier: Apache-2.0
#include "permissions/identity.h"

#include <doctest/doctest.h>

namespace dbxes::permissions {
namespace {

using Values = std::vector<std::string>;

dropbox::TeamMember Ann() {
  dropbox::TeamMember member;
  member.account_id = "dbid:ann";
  member.team_member_id = "dbmid:ann";
  member.email = "Ann@example.com";
  member.secondary_emails = {"a@example.org"};
  member.display_name = "Ann Lee";
  member.status = "active";
  member.joined_on = "2020-01-02T03:04:05Z";
  member.groups = {"g:1", "g:2"};
  return member;
}

}  // namespace

TEST_CASE("active members with an account have an identity") {
  dropbox::TeamMember member = Ann();
  CHECK(HasIdentity(member));
  for (const char* status : {"invited", "suspended", "removed", "something_new", ""}) {
    member.status = status;
    CHECK_FALSE(HasIdentity(member));
  }
  member = Ann();
  member.account_id.clear();
  CHECK_FALSE(HasIdentity(member));
}

TEST_CASE("a person is known by addresses, account, name and groups") {
  CHECK(PrincipalsOf(IdentityOf(Ann())) == Values{"email:Ann@example.com", "email:ann@example.com",
                                                  "user:Ann Lee", "user_id:dbid:ann",
                                                  "email:a@example.org", "group:g:1", "group:g:2"});
  const dropbox::Member user{
      dropbox::Member::Kind::kUser, "dbid:b", "viewer", false, "b@example.com", "Bo"};
  CHECK(PrincipalsOf(IdentityOf(user)) ==
        Values{"email:b@example.com", "user:Bo", "user_id:dbid:b"});
}

TEST_CASE("the document has the fields of the connector and no others") {
  const auto json =
      ParseJson(IdentityDocument(IdentityOf(Ann()), "2026-01-01T00:00:00Z", true), "it");
  REQUIRE(json);
  Values names;
  for (const auto& member : json->GetObject()) names.emplace_back(View(member.name));
  CHECK(names == Values{"id", "identity", "status", "query", "created_at", "_timestamp"});
  CHECK(StringMember(*json, "id") == "Ann@example.com");
  CHECK(StringMember(*json, "status") == "active");
  CHECK(StringMember(*json, "created_at") == "2020-01-02T03:04:05Z");
  const auto& identity = (*json)["identity"];
  CHECK(StringMember(identity, "email") == "email:Ann@example.com");
  CHECK(StringMember(identity, "username") == "user:Ann Lee");
  CHECK(StringMember(identity, "user_id") == "user_id:dbid:ann");
  const auto* source = FindPath(*json, {"query", "template", "source"});
  REQUIRE(source != nullptr);
  // A template: JSON once the list is filled in.
  std::string query(View(*source));
  const std::string hole = "{{#toJson}}access_control{{/toJson}}";
  REQUIRE(query.find(hole) != std::string::npos);
  query.replace(query.find(hole), hole.size(), R"(["a"])");
  const auto parsed = ParseJson(query, "query");
  REQUIRE(parsed);
  CHECK((*parsed)["bool"]["should"].Size() == 2);
  CHECK((*parsed)["bool"]["should"][1]["terms"].HasMember("_allow_access_control.keyword"));
}

TEST_CASE("what is unknown is null, and a known document keeps its dates") {
  Identity identity;
  identity.email = "x@example.com";
  const auto json = ParseJson(IdentityDocument(identity, "2026-01-01T00:00:00Z", false), "it");
  CHECK((*json)["identity"]["username"].IsNull());
  CHECK((*json)["identity"]["user_id"].IsNull());
  CHECK_FALSE(json->HasMember("_timestamp"));
  CHECK_FALSE(json->HasMember("created_at"));
}

TEST_CASE("a stored identity is compared by its values") {
  const Identity ann = IdentityOf(Ann());
  const auto stored = ParseJson(IdentityDocument(ann, "2020-01-01T00:00:00Z", true), "it");
  CHECK(SameIdentity(*stored, ann));
  Identity changed = ann;
  changed.groups.pop_back();
  CHECK_FALSE(SameIdentity(*stored, changed));
  changed = ann;
  changed.status = "suspended";
  CHECK_FALSE(SameIdentity(*stored, changed));
  const auto empty = ParseJson("{}", "it");
  CHECK_FALSE(SameIdentity(*empty, ann));
}

TEST_CASE("a closed identity matches nothing and keeps the rest") {
  const Identity ann = IdentityOf(Ann());
  const auto stored = ParseJson(IdentityDocument(ann, "2020-01-01T00:00:00Z", true), "it");
  CHECK_FALSE(IsClosedIdentity(*stored));
  const auto closed = ParseJson(ClosedIdentityDocument(*stored), "closed");
  REQUIRE(closed);
  CHECK(IsClosedIdentity(*closed));
  CHECK_FALSE(SameIdentity(*closed, ann));
  CHECK((*closed)["identity"] == (*stored)["identity"]);
  CHECK((*closed)["created_at"] == (*stored)["created_at"]);
  CHECK(StringMember(*closed, "status") == "closed");
  // No value at all: closed documents have one, and identities must not.
  const auto* values = FindPath(*closed, {"query", "template", "params", "access_control"});
  REQUIRE(values != nullptr);
  CHECK(values->Empty());
  const auto query =
      ParseJson(View(*FindPath(*closed, {"query", "template", "source"})), "its query");
  REQUIRE(query);
  CHECK(query->HasMember("match_none"));
  SUBCASE("whatever its query was") {
    const auto other = ParseJson(R"({"id":"x","query":{"bool":{"should":[]}}})", "of another");
    const auto replaced = ParseJson(ClosedIdentityDocument(*other), "closed");
    CHECK(IsClosedIdentity(*replaced));
    CHECK_FALSE((*replaced)["query"].HasMember("bool"));
  }
}

}  // namespace dbxes::permissions

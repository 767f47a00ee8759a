// SPDX-License-Identifier: Apache-2.0
#include "permissions/identity_query.h"

#include <doctest/doctest.h>

#include "permissions/identity.h"

namespace dbxes::permissions {
namespace {

Result<std::string> QueryOf(const std::string& identity) {
  return IdentityQuery(ParseJson(identity, "an identity").value());
}

}  // namespace

TEST_CASE("the query of an identity that we write") {
  Identity ann;
  ann.email = "ann@example.com";
  ann.display_name = R"(A "quoted" \ {{name}})";
  const auto query = QueryOf(IdentityDocument(ann, "2026-08-05T10:00:00Z", true));
  REQUIRE(query);
  CHECK(*query ==
        R"({"bool":{"should":[{"bool":{"must_not":{"exists":{"field":"_allow_access_control"}}}},)"
        R"({"terms":{"_allow_access_control.keyword":["email:ann@example.com",)"
        R"("user:A \"quoted\" \\ {{name}}"]}}]}})");
}

TEST_CASE("a closed identity finds nothing") {
  const auto stored = ParseJson(IdentityDocument({}, "2026-08-05T10:00:00Z", true), "an identity");
  CHECK(QueryOf(ClosedIdentityDocument(*stored)) == R"({"match_none":{}})");
}

TEST_CASE("a query without a template") {
  CHECK(QueryOf(R"({"query":{"term":{"a":"b"}}})") == R"({"term":{"a":"b"}})");
}

TEST_CASE("what cannot be filled in is refused") {
  for (const char* identity : {
           R"({})",
           R"({"query":{}})",
           R"({"query":"all"})",
           R"({"query":{"template":{}}})",
           R"({"query":{"template":{"source":"[]"}}})",
           R"({"query":{"template":{"source":"{}"}}})",
           R"({"query":{"template":{"source":"{\"match_all\":{}} x"}}})",
           R"({"query":{"template":{"source":"{\"match_all\":{}}{{! a comment }}"}}})",
           R"({"query":{"template":{"source":"{\"terms\":{\"a\":{{#toJson}}v{{/toJson}}}}"}}})",
           R"({"query":{"template":{"source":"{\"term\":{\"a\":{{#toJson}}v","params":{"v":1}}}})",
           R"({"query":{"template":{"source":"{\"term\":{\"a\":{{v}}}}","params":{"v":1}}}})",
       }) {
    CAPTURE(identity);
    const auto query = QueryOf(identity);
    REQUIRE_FALSE(query);
    CHECK(query.error().kind == ErrorKind::kConfig);
  }
}

}  // namespace dbxes::permissions

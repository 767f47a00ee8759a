// SPDX-License-Identifier: Apache-2.0
#include "elastic/query.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace dbxes::elastic {

TEST_CASE("a clause is the JSON of the query language, with its values escaped") {
  CHECK(ExistsClause("rev") == R"({"exists":{"field":"rev"}})");
  CHECK(TermClause("shared_folder_id", "8\"4") == R"({"term":{"shared_folder_id":"8\"4"}})");
  CHECK(TermsClause("ancestors", JsonList(std::vector<std::string>{"/a", "/b\n"})) ==
        R"({"terms":{"ancestors":["/a","/b\n"]}})");
  CHECK(IdsClause(JsonList(std::vector<std::string>{})) == R"({"ids":{"values":[]}})");
  CHECK(BelowClause("sync_seq", -7) == R"({"range":{"sync_seq":{"lt":-7}}})");
  CHECK(OlderClause(5) == R"({"bool":{"should":[{"range":{"sync_seq":{"lt":5}}},)"
                          R"({"range":{"sync_seq":{"gte":4503599627370496}}},)"
                          R"({"bool":{"filter":[],"must_not":[{"exists":{"field":"sync_seq"}}]}}],)"
                          R"("minimum_should_match":1}})");
}

TEST_CASE("clauses are combined, and empty ones left out") {
  CHECK(AllOf({kMatchAll}) == R"({"bool":{"filter":[{"match_all":{}}]}})");
  CHECK(AllOf({"1", "", "2"}, {"", "3"}) == R"({"bool":{"filter":[1,2],"must_not":[3]}})");
  CHECK(AllOf({"1"}, {""}) == R"({"bool":{"filter":[1]}})");
  CHECK(AnyOf({"1", "2"}) == R"({"bool":{"should":[1,2],"minimum_should_match":1}})");
}

}  // namespace dbxes::elastic

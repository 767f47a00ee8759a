// SPDX-License-Identifier: Apache-2.0
#include "find/word_query.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json/json.h"

namespace dbxes::find {
namespace {

// "wanted -[excluded] name[words; phrases]".
std::string Parsed(std::string_view words) {
  const ParsedWords parsed = ParseWords(words);
  return fmt::format("{} -[{}] name[{}; {}]", parsed.wanted, fmt::join(parsed.excluded, ", "),
                     parsed.name_words, fmt::join(parsed.name_phrases, ", "));
}

rapidjson::Document Query(std::string_view words) {
  return ParseJson(WordQuery(words), "a query").value();
}

}  // namespace

TEST_CASE("excluded words are taken out of the words that are wanted") {
  CHECK(Parsed("lease office") == "lease office -[] name[lease office; ]");
  CHECK(Parsed("lease -lisbon") == "lease -[lisbon] name[lease; ]");
  CHECK(Parsed("-lisbon lease -\"annual report\" rent") ==
        "lease rent -[lisbon, \"annual report\"] name[lease rent; ]");
  CHECK(Parsed("-lease") == " -[lease] name[; ]");
  CHECK(Parsed("year-end") == "year-end -[] name[year-end; ]");
  CHECK(Parsed("\\-lisbon") == "\\-lisbon -[] name[\\-lisbon; ]");
}

TEST_CASE("a minus counts directly before a word, a phrase or a group") {
  CHECK(Parsed("lease - lisbon") == "lease - lisbon -[] name[lease lisbon; ]");
  CHECK(Parsed("lease --lisbon") == "lease --lisbon -[] name[lease lisbon; ]");
  CHECK(Parsed("lease +-lisbon -+rent") == "lease rent -[lisbon] name[lease rent; ]");
  CHECK(Parsed("lease -(lisbon rent) x") == "lease x -[(lisbon rent)] name[lease x; ]");
  CHECK(Parsed("-\"a b\"~2 c") == "c -[\"a b\"~2] name[c; ]");
}

TEST_CASE("phrases and groups are looked for in names as such") {
  CHECK(Parsed("\"annual report\" 2026") == "\"annual report\" 2026 -[] name[2026; annual report]");
  CHECK(Parsed("(lease rent) x") == "(lease rent) x -[] name[lease rent x; ]");
}

TEST_CASE("what excludes in a part of the query only is left to the engine") {
  for (const std::string words : {"lease -lisbon | rent", "x (lease -lisbon)", "x (a | b)"}) {
    CAPTURE(words);
    CHECK(Parsed(words) == words + " -[] name[; ]");
    CHECK(Query(words).HasMember("simple_query_string"));
  }
  CHECK(Parsed("(lease | rent) -lisbon") == "(lease | rent) -[lisbon] name[; ]");
}

TEST_CASE("an operator without its counterpart is no error") {
  for (const std::string words : {"\"a b", "(a b", "a)", "a \\", "\"", "(", "-", "-\"", "", " "}) {
    CAPTURE(words);
    CHECK(ParseJson(WordQuery(words), "a query"));
  }
}

TEST_CASE("what is excluded is excluded wherever it would be found") {
  const auto query = Query("lease -lisbon -\"annual report\"");
  const rapidjson::Value* excluded = FindPath(query, {"bool", "must_not"});
  REQUIRE(excluded != nullptr);
  REQUIRE(excluded->Size() == 2);
  const auto& word = *FindPath((*excluded)[0], {"bool", "should"});
  CHECK(View(*FindPath(word[0], {"simple_query_string", "query"})) == "lisbon");
  CHECK(View(*FindPath(word[1], {"match_bool_prefix", "name", "query"})) == "lisbon");
  const auto& phrase = *FindPath((*excluded)[1], {"bool", "should"});
  CHECK(View(*FindPath(phrase[0], {"simple_query_string", "query"})) == "\"annual report\"");
  CHECK(View(*FindPath(phrase[1], {"match_phrase_prefix", "name", "query"})) == "annual report");
  const auto& wanted = *FindPath((*FindPath(query, {"bool", "must"}))[0], {"bool", "should"});
  CHECK(View(*FindPath(wanted[1], {"match_bool_prefix", "name", "query"})) == "lease");
}

TEST_CASE("a query that only excludes finds all other documents") {
  const auto query = Query("-lease");
  CHECK((*FindPath(query, {"bool", "must"}))[0].HasMember("match_all"));
  CHECK(FindPath(query, {"bool", "must_not"})->Size() == 1);
}

}  // namespace dbxes::find

// SPDX-License-Identifier: Apache-2.0
#include "find/word_search.h"

#include <doctest/doctest.h>

#include "find_world.h"

namespace dbxes::find {
namespace {

// What a real engine answered, shortened.
constexpr const char* kHits =
    R"({"_id":"id:1","_score":3.5,"_source":{"type":"File","name":"Offer.docx","title":"An offer",)"
    R"("file_path":"/Sales/Offer.docx","url":"https://dropbox.test/Offer","size":1234,)"
    R"("_timestamp":"2026-08-05T10:00:00Z"},"highlight":{"body":[)"
    "\"For \xEE\x80\x80you\xEE\x80\x81:\\n\\n  \xEE\x80\x80heron\xEE\x80\x81s\","
    R"("second"]}},)"
    R"({"_id":"id:2","_score":1,"_source":{"type":"File","name":"lent.txt","received":true}})";

std::string Text(const std::vector<std::vector<report::TextPart>>& lines) {
  std::string text;
  for (const auto& line : lines) {
    for (const report::TextPart& part : line) {
      text += part.strong ? "<" + part.text + ">" : part.text;
    }
    text += "\n";
  }
  return text;
}

std::string FilterIn(const rapidjson::Value& search) {
  const rapidjson::Value* filter = FindPath(search, {"query", "bool", "filter"});
  REQUIRE(filter != nullptr);
  REQUIRE(filter->Size() == 1);
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  (*filter)[0].Accept(writer);
  return std::string(View(buffer));
}

}  // namespace

TEST_CASE("hits are shown with title, path, text and link") {
  FindWorld world;
  world.AnswerHits(kHits);
  const auto answer = SearchWords(world.client, "docs", {.words = "heron", .limit = 2});
  REQUIRE(answer);
  CHECK(Text(WordLines(*answer)) ==
        "An offer\n  /Sales/Offer.docx\n  For <you>: <heron>s \xE2\x80\xA6 second\n"
        "  https://dropbox.test/Offer\n\nlent.txt\n  lent.txt (received)\n");
  CHECK(WordSummary(*answer) == "12 documents found; the first 2 are shown, --limit shows more");
  CHECK(WordCode(*answer) == ExitCode::kOk);
  CHECK(WordJson(*answer) ==
        R"({"command":"search","outcome":"ok","exit_code":0,"message":"","total":12,)"
        R"("total_is_exact":true,"hits":[{"id":"id:1","type":"File","name":"Offer.docx",)"
        R"("title":"An offer","path":"/Sales/Offer.docx","url":"https://dropbox.test/Offer",)"
        R"("modified":"2026-08-05T10:00:00Z","size":1234,"received":false,)"
        R"("snippets":["For you: herons","second"]},{"id":"id:2","type":"File",)"
        R"("name":"lent.txt","title":"","path":"","url":"","modified":"","size":0,)"
        R"("received":true,"snippets":[]}]})");
}

TEST_CASE("the words are data") {
  FindWorld world;
  REQUIRE(SearchWords(world.client, "docs", {.words = R"("a b" \ }] ü)", .limit = 7}));
  const auto search = world.Search(0);
  CHECK(UintMember(search, "size") == 7);
  CHECK(FilterIn(search) == R"({"match_all":{}})");
  const rapidjson::Value* must = FindPath(search, {"query", "bool", "must"});
  REQUIRE(must != nullptr);
  const rapidjson::Value* anywhere = FindPath((*must)[0], {"bool", "should"});
  REQUIRE(anywhere != nullptr);
  CHECK(View(*FindPath((*anywhere)[0], {"simple_query_string", "query"})) == R"("a b" \ }] ü)");
  const rapidjson::Value* in_name = FindPath((*anywhere)[1], {"bool", "must"});
  REQUIRE(in_name != nullptr);
  CHECK(View(*FindPath((*in_name)[0], {"match_bool_prefix", "name", "query"})) == R"(\ }] ü)");
  CHECK(View(*FindPath((*in_name)[1], {"match_phrase_prefix", "name", "query"})) == "a b");
}

TEST_CASE("nothing found is an exit status of its own") {
  FindWorld world;
  const auto answer = SearchWords(world.client, "docs", {.words = "x"});
  REQUIRE(answer);
  CHECK(WordLines(*answer).empty());
  CHECK(WordSummary(*answer) == "nothing found");
  CHECK(WordCode(*answer) == ExitCode::kFailed);
  CHECK(WordJson(*answer) == R"({"command":"search","outcome":"failed","exit_code":1,)"
                             R"("message":"nothing found","total":0,"total_is_exact":true,)"
                             R"("hits":[]})");
}

TEST_CASE("as a user, the identity's query limits the search") {
  FindWorld world;
  world.AddPerson(Ann());
  REQUIRE(SearchWords(world.client, "docs", {.words = "x", .user = "dbid:ann"}));
  const auto filter = FilterIn(world.Search(0));
  CHECK(filter.find(R"("terms":{"_allow_access_control.keyword":[)") != std::string::npos);
  CHECK(filter.find(R"("group:g1")") != std::string::npos);
}

TEST_CASE("without a usable identity, nothing is searched") {
  FindWorld world;
  CHECK(SearchWords(world.client, "docs", {.words = "x", .user = "bob@example.com"}).error().kind ==
        ErrorKind::kNotFound);
  world.elastic.Put(".search-acl-filter-docs", "ann@example.com",
                    R"({"query":{"template":{"source":"{\"match_all\":{}} {{x}}"}}})");
  CHECK(SearchWords(world.client, "docs", {.words = "x", .user = "ann@example.com"}).error().kind ==
        ErrorKind::kConfig);
  CHECK(world.searches.empty());
}

TEST_CASE("engines name the limit of a snippet's text differently") {
  FindWorld world;
  world.AnswerRefused("[1:518] [highlight] unknown field [max_analyzed_offset]");
  world.AnswerHits(kHits);
  CHECK(SearchWords(world.client, "docs", {.words = "x"})->hits.size() == 2);
  REQUIRE(world.searches.size() == 2);
  CHECK(world.searches[0].find("max_analyzed_offset") != std::string::npos);
  CHECK(world.searches[1].find("max_analyzer_offset") != std::string::npos);
}

TEST_CASE("where nothing can be highlighted, there are hits without snippets") {
  FindWorld world;
  world.AnswerRefused("The length [1600006] of field [body] exceeds the limit");
  world.AnswerRefused("[highlight] unknown field [max_analyzer_offset]");
  world.AnswerHits(kHits);
  CHECK(SearchWords(world.client, "docs", {.words = "x"})->hits.size() == 2);
  CHECK(world.searches.at(2).find("highlight") == std::string::npos);
}

TEST_CASE("what is not about snippets is an error") {
  FindWorld world;
  world.Answer(R"({"error":{"type":"security_exception","reason":"no"},"status":403})", 403);
  CHECK(SearchWords(world.client, "docs", {.words = "x"}).error().kind == ErrorKind::kPermission);
  CHECK(world.searches.size() == 1);
  for (int i = 0; i < 3; ++i) world.AnswerRefused("no such query");
  CHECK(SearchWords(world.client, "docs", {.words = "x"}).error().kind == ErrorKind::kConfig);
  world.Answer(R"({"error":{"type":"index_not_found_exception","reason":"no such index [docs]"},)"
               R"("status":404})",
               404);
  const auto missing = SearchWords(world.client, "docs", {.words = "x"});
  CHECK(missing.error().kind == ErrorKind::kNotFound);
  CHECK(missing.error().message == "there is no index docs: dbx-es full-sync makes it");
}

TEST_CASE("a part of the hits is not all of them") {
  for (const char* head :
       {R"("timed_out":true,"_shards":{"failed":0})", R"("_shards":{"failed":1})"}) {
    CAPTURE(head);
    FindWorld world;
    world.Answer(std::string("{") + head + R"(,"hits":{"hits":[]}})");
    CHECK(SearchWords(world.client, "docs", {.words = "x"}).error().kind == ErrorKind::kTemporary);
  }
}

TEST_CASE("a total that is not exact says so") {
  WordAnswer answer{{10'000, false}, {WordHit{}}};
  CHECK(WordSummary(answer) ==
        "at least 10,000 documents found; the first is shown, --limit shows more");
  answer.total = {1, true};
  CHECK(WordSummary(answer) == "1 document found");
}

}  // namespace dbxes::find

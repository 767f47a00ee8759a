// SPDX-License-Identifier: Apache-2.0
#include "elastic/single_document.h"

#include <doctest/doctest.h>

#include "elastic/meaning.h"
#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

constexpr std::string_view kWhat = "the answer about a note";

Result<HttpResponse> Answer(std::string body) {
  HttpResponse response;
  response.status = 200;
  response.body = std::move(body);
  return response;
}

}  // namespace

TEST_CASE("a document is read with the version that the next write names") {
  const auto found = ReadGetAnswer(
      Answer(R"({"_id":"note","_seq_no":7,"_primary_term":2,"_source":{"text":"a"}})"), kWhat);
  REQUIRE(found);
  REQUIRE(found->has_value());
  CHECK((*found)->id == "note");
  CHECK((*found)->version.seq_no == 7);
  CHECK((*found)->version.primary_term == 2);
  CHECK(StringMember((*found)->source, "text") == "a");
}

TEST_CASE("an absent document, or index, is nothing, and the 404 of a proxy an error") {
  const auto absent = ReadGetAnswer(Fail(ErrorKind::kNotFound, "no such document"), kWhat);
  REQUIRE(absent);
  CHECK_FALSE(absent->has_value());
  Error page{ErrorKind::kNotFound, "a page of a proxy"};
  page.tag = std::string(kProxyTag);
  const auto proxy = ReadGetAnswer(Fail(page), kWhat);
  REQUIRE_FALSE(proxy);
  CHECK(proxy.error().message == "a page of a proxy");
}

TEST_CASE("an answer without a version or a document is asked for another time") {
  struct Case {
    const char* body;
    const char* message;
  };
  for (const Case& it : {
           Case{R"({"_id":"a","_seq_no":7,"_primary_term":0,"_source":{}})",
                "the answer about a note names no version"},
           Case{R"({"_id":"a","_primary_term":1,"_source":{}})",
                "the answer about a note names no version"},
           Case{R"({"_id":"a","_seq_no":7,"_primary_term":1})",
                "the answer about a note lacks the document"},
           Case{R"({"_id":"a","_seq_no":7,"_primary_term":1,"_source":[]})",
                "the answer about a note lacks the document"},
       }) {
    CAPTURE(it.body);
    const auto read = ReadGetAnswer(Answer(it.body), kWhat);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kTemporary);
    CHECK(read.error().message == it.message);
  }
}

TEST_CASE("a request for JSON is sent again after a page of a proxy") {
  World world;
  world.elastic.CreateIndex("docs");
  world.elastic.Put("docs", "a", R"({"text":"a"})");
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kHtml;
  fault.route = "_doc";
  world.elastic.Inject(fault);
  const auto answer = world.client.Call(JsonRequest("GET", "/docs/_doc/a", "", kWhat));
  const auto found = ReadGetAnswer(answer, kWhat);
  REQUIRE(found);
  REQUIRE(found->has_value());
  CHECK((*found)->version.IsKnown());
  CHECK(world.waits.size() == 1);
}

}  // namespace dbxes::elastic

// SPDX-License-Identifier: Apache-2.0
#include "dropbox/search.h"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>

#include "dropbox/dropbox_world.h"

namespace dbxes::dropbox {
namespace {

using Paths = std::multiset<std::string>;

SearchRequest Query(const std::string& query) {
  SearchRequest request;
  request.query = query;
  return request;
}

struct Everything {
  Paths paths;
  std::size_t shown = 0;
  std::size_t pages = 0;
};

Everything FindAll(DropboxWorld& world, const SearchRequest& request) {
  Everything all;
  std::string cursor;
  do {
    const auto page = world.loop.Await(Search(world.client(), request, cursor));
    REQUIRE_MESSAGE(page, page.error().ToLine());
    ++all.pages;
    all.shown += page->shown;
    for (const SearchMatch& match : page->matches) {
      CHECK(match.id.substr(0, 3) == "id:");
      all.paths.insert(match.path_lower);
    }
    cursor = page->cursor;
  } while (!cursor.empty());
  return all;
}

// Answers every search in Dropbox's place.
void AnswerWith(DropboxWorld& world, int status, const std::string& body) {
  world.intercept = [status, body](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.target.find("/files/search") == std::string::npos) return std::nullopt;
    return FakeAnswer::Json(status, body);
  };
}

Error Failure(DropboxWorld& world, const SearchRequest& request) {
  const auto page = world.loop.Await(Search(world.client(), request));
  REQUIRE(!page);
  return page.error();
}

}  // namespace

TEST_CASE("the argument has what was set and nothing else") {
  CHECK(SearchArgument(Query("a \"b\"")) == R"({"query":"a \"b\"","options":{}})");
  SearchRequest request = Query("q");
  request.path = "/Reports";
  request.max_results = 7;
  request.order_by = "relevance";
  request.filename_only = true;
  request.file_extensions = {"pdf", "txt"};
  request.file_categories = {"paper"};
  request.account_id = "dbid:x";
  CHECK(SearchArgument(request) ==
        R"({"query":"q","options":{"path":"/Reports","max_results":7,)"
        R"("order_by":{".tag":"relevance"},"filename_only":true,"file_extensions":["pdf","txt"],)"
        R"("file_categories":[{".tag":"paper"}],"account_id":"dbid:x"}})");
}

TEST_CASE("all pages are found, however Dropbox splits them") {
  sim::Options options;
  options.style = sim::Style::Nasty();
  for (options.seed = 1; options.seed < 6; ++options.seed) {
    DropboxWorld world(options);
    Paths expected;
    for (int i = 0; i < 40; ++i) {
      const std::string path = "/folder/hit " + std::to_string(i) + ".txt";
      world.tree().AddFile(path, "x");
      expected.insert(path);
    }
    SearchRequest request = Query("hit");
    request.max_results = 6;
    const Everything all = FindAll(world, request);
    CHECK(std::set<std::string>(all.paths.begin(), all.paths.end()) ==
          std::set<std::string>(expected.begin(), expected.end()));
    CHECK(all.shown >= all.paths.size());
    CHECK(all.pages > 6);
    CHECK(world.simulator.Violations().empty());
  }
}

TEST_CASE("matches of unknown kinds, deleted ones and those without an id are left out") {
  DropboxWorld world;
  AnswerWith(world, 200, R"({"matches":[
      {"metadata":{".tag":"hologram"}}, {},
      {"metadata":{".tag":"metadata","metadata":{".tag":"deleted","id":"id:1","name":"x"}}},
      {"metadata":{".tag":"metadata","metadata":{".tag":"file","name":"x"}}},
      {"metadata":{".tag":"metadata","metadata":{".tag":"file","id":"id:2","rev":"01"}}}],
      "has_more":false})");
  const auto page = world.loop.Await(Search(world.client(), Query("x")));
  REQUIRE(page);
  CHECK(page->shown == 5);
  REQUIRE(page->matches.size() == 1);
  CHECK(page->matches.front().id == "id:2");
  CHECK(page->matches.front().rev == "01");
}

TEST_CASE("an incomplete answer is requested again") {
  for (const char* body : {R"({"matches":[]})", R"({"has_more":false})",
                           R"({"matches":[],"has_more":true})", R"({"matches":[)"}) {
    CAPTURE(body);
    DropboxWorld world;
    world.tree().AddFile("/x", "");
    int answers = 0;
    world.intercept = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
      if (request.target.find("search_v2") == std::string::npos || ++answers > 1) return {};
      return FakeAnswer::Json(200, body);
    };
    CHECK(FindAll(world, Query("x")).paths == Paths{"/x"});
    CHECK(answers == 2);
  }
}

TEST_CASE("internal errors are retried, others say what is wrong") {
  DropboxWorld world;
  world.tree().AddFile("/x", "");
  world.simulator.Inject(sim::Fault::EndpointError("files/search_v2", "internal_error"));
  CHECK(FindAll(world, Query("x")).paths == Paths{"/x"});

  SearchRequest request = Query("x");
  request.path = "/Nowhere";
  const Error missing = Failure(world, request);
  CHECK(missing.kind == ErrorKind::kNotFound);
  CHECK(missing.ToLine().find("Dropbox has no folder /Nowhere") != std::string::npos);
  request.path = "/x";
  CHECK(Failure(world, request).kind == ErrorKind::kConfig);

  AnswerWith(world, 409,
             R"({"error":{".tag":"invalid_argument","invalid_argument":"no"},)"
             R"("error_summary":"invalid_argument/.."})");
  CHECK(Failure(world, Query("x")).kind == ErrorKind::kConfig);
  AnswerWith(world, 400, "Error in call: bad");
  CHECK(Failure(world, Query("x")).kind == ErrorKind::kConfig);
  AnswerWith(world, 422, R"({"error":{".tag":"invalid_root"},"error_summary":"invalid_root/"})");
  CHECK(Failure(world, Query("x")).kind == ErrorKind::kRootChanged);
}

TEST_CASE("a cursor that has expired is a temporary error") {
  DropboxWorld world;
  const auto page = world.loop.Await(Search(world.client(), {}, "nonsense"));
  REQUIRE(!page);
  CHECK(page.error().kind == ErrorKind::kTemporary);
}

}  // namespace dbxes::dropbox

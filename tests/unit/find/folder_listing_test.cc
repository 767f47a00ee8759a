// SPDX-License-Identifier: Apache-2.0
// The cluster in memory refuses regular expressions, as a real one may: most of these tests show
// the listing without them, and tests/e2e/find_test.py the one with them.
#include "find/folder_listing.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/json/json_text.h"
#include "base/path_key.h"
#include "find/lower_path.h"
#include "find_world.h"

namespace dbxes::find {
namespace {

using Names = std::vector<std::string>;

void Put(elastic::World& world, const std::string& id, const std::string& path, bool folder,
         std::int64_t number) {
  const std::string lower = LowerPath(path);
  Names ancestors;
  for (std::size_t at = lower.find('/', 1); at != std::string::npos; at = lower.find('/', at + 1)) {
    std::string buffer;
    ancestors.emplace_back(PathKey(std::string_view(lower).substr(0, at), buffer));
  }
  std::string buffer;
  world.elastic.Put(
      "docs", id,
      fmt::format(R"({{"id":"{}","type":"{}","name":{},"file_path":{},"path_lower":{},)"
                  R"("ancestors":{},"size":{},"_timestamp":"2026-08-05T10:00:00Z",)"
                  R"("sync_seq":{}}})",
                  id, folder ? "Folder" : "File", JsonString(path.substr(path.rfind('/') + 1)),
                  JsonString(path), JsonString(PathKey(lower, buffer)), JsonList(ancestors),
                  folder ? 0 : 2048, number));
}

void Furnish(elastic::World& world) {
  Put(world, "id:1", "/Team", true, 1);
  Put(world, "id:2", "/Team/Plan (v1).docx", false, 2);
  Put(world, "id:3", "/Team/Old", true, 3);
  Put(world, "id:4", "/Team/Old/Plan.docx", false, 4);
  Put(world, "id:5", "/Teams.txt", false, 5);
  Put(world, "id:6", "/Bare/Deep/x.txt", false, 6);
  Put(world, "id:7", "/\xC3\x84rger", true, 7);
  Put(world, "id:8", "/\xC3\x84rger/\xC3\x96l.txt", false, 8);
  world.elastic.Put("docs", "id:9", R"({"id":"id:9","type":"File","name":"lent","received":true})");
}

Result<Names> List(elastic::World& world, const std::string& path, bool recursive = false) {
  Names names;
  const auto listed =
      ListFolder(world.client, "docs", {path, recursive}, [&](const FoundDocument& document) {
        names.push_back(ListingLine(document, {false, recursive}));
        return true;
      });
  if (!listed) return Fail(listed.error());
  return names;
}

}  // namespace

TEST_CASE("a folder has what is directly in it") {
  elastic::World world;
  Furnish(world);
  CHECK(List(world, "/Team") == Names{"Old/", "Plan (v1).docx"});
  CHECK(List(world, "/tEAM/") == Names{"Old/", "Plan (v1).docx"});
  CHECK(List(world, "/") == Names{"Team/", "Teams.txt", "\xC3\x84rger/"});
  CHECK(List(world, "/\xC3\xA4RGER") == Names{"\xC3\x96l.txt"});
  CHECK(List(world, "/Team/Old") == Names{"Plan.docx"});
}

TEST_CASE("a recursive listing has whole paths") {
  elastic::World world;
  Furnish(world);
  CHECK(List(world, "/team", true) ==
        Names{"/Team/Old/", "/Team/Old/Plan.docx", "/Team/Plan (v1).docx"});
  CHECK(List(world, "/", true)->size() == 8);
}

TEST_CASE("a file is listed alone, and a folder that is no document by what is in it") {
  elastic::World world;
  Furnish(world);
  CHECK(List(world, "/team/PLAN (v1).docx") == Names{"Plan (v1).docx"});
  CHECK(List(world, "/Bare/Deep") == Names{"x.txt"});
  CHECK(List(world, "/Bare", true) == Names{"/Bare/Deep/x.txt"});
}

TEST_CASE("what is not there is an error, an empty folder is not") {
  elastic::World world;
  CHECK(List(world, "/").error().message == "there is no index docs: dbx-es full-sync makes it");
  world.elastic.CreateIndex("docs");
  CHECK(List(world, "/") == Names{});
  Put(world, "id:1", "/Empty", true, 1);
  CHECK(List(world, "/Empty") == Names{});
  const auto missing = List(world, "/Nowhere");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::kNotFound);
  CHECK(missing.error().message == "docs has nothing at /Nowhere");
}

TEST_CASE("a large folder is read in pages, and no further than it is wanted") {
  elastic::World world;
  for (int i = 0; i < 2500; ++i) {
    Put(world, fmt::format("id:{}", i), fmt::format("/many/{:04}.txt", i), false, i);
  }
  const auto names = List(world, "/many", true);
  REQUIRE(names);
  REQUIRE(names->size() == 2500);
  CHECK(std::is_sorted(names->begin(), names->end()));
  CHECK(names->back() == "/many/2499.txt");
  world.elastic.ClearBooks();
  int seen = 0;
  REQUIRE(ListFolder(world.client, "docs", {"/many", true},
                     [&](const FoundDocument&) { return ++seen < 10; }));
  CHECK(seen == 10);
  CHECK(world.elastic.Requests("_search") == 2);  // the folder itself, and one page
}

TEST_CASE("a folder whose path is too long for a keyword") {
  elastic::World world;
  std::string folder;
  while (folder.size() < kMaxPathKey + 10) folder += "/" + std::string(200, 'a');
  Put(world, "id:1", folder, true, 1);
  Put(world, "id:2", folder + "/x.txt", false, 2);
  Put(world, "id:3", folder + "/y/z.txt", false, 3);
  CHECK(List(world, folder) == Names{"x.txt"});
  CHECK(List(world, folder, true)->size() == 2);
}

TEST_CASE("the names of a folder are no regular expression") {
  FindWorld world;
  world.AnswerHits("");
  REQUIRE_FALSE(ListFolder(world.client, "docs", {"/A.*(b)|\"#\xC3\xA9"},
                           [](const FoundDocument&) { return true; }));
  REQUIRE(world.searches.size() == 2);
  const auto search = world.Search(1);
  const rapidjson::Value* filters = FindPath(search, {"query", "bool", "filter"});
  REQUIRE(filters != nullptr);
  CHECK(View(*FindPath((*filters)[1], {"regexp", "path_lower", "value"})) ==
        "/a\\.\\*\\(b\\)\\|\\\"\\#\xC3\xA9/[^/]+");
}

TEST_CASE("a line with details") {
  FoundDocument document;
  document.id = "id:1";
  document.type = "File";
  document.name = "a.txt";
  document.path = "/x/a.txt";
  document.modified = "2026-08-05T10:00:00Z";
  document.size = 2048;
  CHECK(ListingLine(document, {true, true}) ==
        "   2.0 KiB  2026-08-05T10:00:00Z  id:1                       /x/a.txt");
  document.type = "Folder";
  CHECK(ListingLine(document, {true, false}).starts_with("         -  2026"));
}

TEST_CASE("lower case as Dropbox has it") {
  CHECK(LowerPath("/ABC/\xC3\x84\xC3\x96 \xCE\xA9\xD0\x96.TXT") ==
        "/abc/\xC3\xA4\xC3\xB6 \xCF\x89\xD0\xB6.txt");
  CHECK(LowerPath("/\xF0\x90\x90\x80 \xF0\x9F\x98\x80") == "/\xF0\x90\x90\xA8 \xF0\x9F\x98\x80");
  CHECK(LowerPath("/\xFF\xC3") == "/\xFF\xC3");
}

}  // namespace dbxes::find

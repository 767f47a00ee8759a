// SPDX-License-Identifier: Apache-2.0
#include "find/document_view.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json/json_text.h"
#include "find_world.h"

namespace dbxes::find {
namespace {

struct ViewWorld : elastic::World {
  ViewWorld() {
    const permissions::Identity ann = Ann();
    elastic.Put(".search-acl-filter-docs", ann.email,
                permissions::IdentityDocument(ann, "2026-08-05T10:00:00Z", true));
    elastic.Put("docs", "id:1",
                R"({"id":"id:1","name":"Plan.docx","path_lower":"/team/plan.docx","size":12,)"
                R"("gone":null,"ancestors":["/team"],"_allow_access_control":["group:g1",)"
                R"("email:x@example.org"],"body":"one\n\ttwo"})");
  }
  std::string Lines(const std::string& document, bool whole_text = false) {
    const auto view = ReadDocument(client, "docs", document);
    REQUIRE(view);
    return fmt::format("{}", fmt::join(ViewLines(*view, whole_text), "\n"));
  }
};

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a document with its readers and its text") {
  ViewWorld world;
  const std::string lines = world.Lines("id:1");
  CHECK(lines == R"(id: id:1
name: Plan.docx
path_lower: /team/plan.docx
size: 12
ancestors: ["/team"]
readers (2):
  group:g1
  email:x@example.org
people with an identity among them (1):
  Ann@example.com
text (8 characters):
  one
   two)");
  CHECK(world.Lines("/TEAM/Plan.docx") == lines);
  CHECK(world.Lines("/TEAM/Plan.docx/") == lines);
}

TEST_CASE("everything as JSON") {
  ViewWorld world;
  const auto json = ParseJson(ViewJson(*ReadDocument(world.client, "docs", "id:1")), "the view");
  REQUIRE(json);
  CHECK(StringMember(*json, "command") == "show");
  CHECK(StringMember(*json, "id") == "id:1");
  CHECK(View(*FindPath(*json, {"document", "body"})) == "one\n\ttwo");
  CHECK(View((*FindMember(*json, "people"))[0]) == "Ann@example.com");
}

TEST_CASE("without an access list, everyone may read it") {
  ViewWorld world;
  world.elastic.Put("docs", "id:2", R"({"name":"a"})");
  const std::string lines = world.Lines("id:2");
  CHECK(Has(lines, "readers: everyone who may search the index; it has no access list"));
  CHECK(Has(lines, "text: none"));
  world.elastic.Put("docs", "id:2", R"({"name":"a","_allow_access_control":["nobody"]})");
  CHECK(Has(world.Lines("id:2"), "readers (1):\n  nobody\ntext"));
}

TEST_CASE("long values and long texts are cut between characters") {
  ViewWorld world;
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "\xC3\xA4";
  world.elastic.Put("docs", "id:2",
                    fmt::format(R"({{"note":"{}","body":"{}"}})", text.substr(0, 1200), text));
  const std::string lines = world.Lines("id:2");
  CHECK(Has(lines, fmt::format("note: {}... (600 characters)\n", text.substr(0, 500))));
  CHECK(Has(lines,
            fmt::format("text (3,000 characters; --text shows all):\n  {}", text.substr(0, 2000))));
  CHECK_FALSE(Has(lines, text.substr(0, 2002)));
  CHECK(Has(world.Lines("id:2", true), "text (3,000 characters):\n  " + text));
}

TEST_CASE("many readers are counted") {
  ViewWorld world;
  std::vector<std::string> readers;
  for (int i = 0; i < 25; ++i) readers.push_back(fmt::format("email:{}@example.org", i));
  world.elastic.Put("docs", "id:2", R"({"_allow_access_control":)" + JsonList(readers) + "}");
  const std::string lines = world.Lines("id:2");
  CHECK(Has(lines, "readers (25):"));
  CHECK(Has(lines, "  email:19@example.org\n  and 5 more; --json shows all"));
}

TEST_CASE("a document that is not there") {
  ViewWorld world;
  for (const char* document : {"id:2", "/nowhere"}) {
    CAPTURE(document);
    const auto view = ReadDocument(world.client, "docs", document);
    REQUIRE_FALSE(view);
    CHECK(view.error().kind == ErrorKind::kNotFound);
    CHECK(Has(view.error().message, document));
  }
  CHECK(ReadDocument(world.client, "absent", "/a").error().kind == ErrorKind::kNotFound);
  CHECK(ReadDocument(world.client, "absent", "id:1").error().kind == ErrorKind::kNotFound);
}

}  // namespace dbxes::find

// SPDX-License-Identifier: Apache-2.0
// Members of an object, and what is reported about wrong ones.
#include "rules/node_reader.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace dbxes::rules {
namespace {

// An object that is read, and what was found.
class World {
 public:
  explicit World(std::string_view text) : lines_(text), reader_(text, lines_, findings_) {
    REQUIRE(ParseJsonTree(text, lines_, root_, findings_));
  }
  NodeReader& reader() { return reader_; }
  Spot top() const { return {&root_, ""}; }
  // "LINE:COLUMN POINTER MESSAGE" of each finding.
  std::vector<std::string> Found() {
    std::vector<std::string> found;
    for (const Finding& finding : findings_.Sorted()) {
      found.push_back(fmt::format("{}:{} {} {}", finding.place.line, finding.place.column,
                                  finding.pointer, finding.message));
    }
    return found;
  }

 private:
  JsonNode root_;
  Findings findings_;
  LineIndex lines_;
  NodeReader reader_;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("members of the right kind are read") {
  World world(R"({"text":"a","number":-1.5,"truth":true})");
  CHECK(world.reader().Text(world.top(), "text") == "a");
  CHECK(world.reader().Number(world.top(), "number") == -1.5);
  CHECK(world.reader().Truth(world.top(), "truth") == true);
  CHECK_FALSE(world.reader().Text(world.top(), "absent"));
  CHECK(world.Found().empty());
}

TEST_CASE("members of the wrong kind are reported with their place") {
  World world("{\"text\":5,\n\"number\":\"1\",\"truth\":null}");
  CHECK_FALSE(world.reader().Text(world.top(), "text"));
  CHECK_FALSE(world.reader().Number(world.top(), "number"));
  CHECK_FALSE(world.reader().Truth(world.top(), "truth"));
  CHECK(world.Found() == Lines{"1:9 /text must be a string, not a number",
                               "2:10 /number must be a number, not a string",
                               "2:22 /truth must be true or false, not null"});
}

TEST_CASE("a text must not be empty") {
  World world(R"({"text":""})");
  CHECK_FALSE(world.reader().Text(world.top(), "text"));
  CHECK(world.Found() == Lines{"1:9 /text must not be empty"});
}

TEST_CASE("unknown and missing members are reported") {
  World world(R"({"a/b":1,"known":2})");
  constexpr std::array<std::string_view, 2> kKnown{"known", "needed"};
  constexpr std::array<std::string_view, 1> kRequired{"needed"};
  world.reader().CheckMembers(world.top(), kKnown, kRequired);
  CHECK(world.Found() ==
        Lines{"1:1  the member \"needed\" is missing", "1:2 /a~1b unknown member \"a/b\""});
}

TEST_CASE("a tag is one of the allowed ones") {
  constexpr std::array<std::string_view, 2> kAllowed{"pdf", "image"};
  World world(R"({"good":{".tag":"pdf"},"other":{".tag":"png"}})");
  CHECK(world.reader().Tag(*world.reader().Member(world.top(), "good"), kAllowed) == "pdf");
  CHECK_FALSE(world.reader().Tag(*world.reader().Member(world.top(), "other"), kAllowed));
  CHECK(world.Found() == Lines{"1:40 /other/.tag Dropbox does not accept \"png\" here"});
}

}  // namespace dbxes::rules

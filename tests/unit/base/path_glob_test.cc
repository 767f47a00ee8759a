// SPDX-License-Identifier: Apache-2.0
// What is no pattern. tests/unit/rules/path_filter_test.cc shows what patterns match.
#include "base/path_glob.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace dbxes {

TEST_CASE("what is no pattern is named") {
  const std::pair<std::string, std::string> cases[] = {
      {"", "it is empty"},
      {"/", "it is the folder itself: name something in it, or remove the pattern"},
      {"//", "a name between slashes is empty"},
      {"a//b", "a name between slashes is empty"},
      {"!keep", "\"!\" has no meaning here; write \\! for the character"},
      {"[a", "a bracket is not closed"},
      {"[]", "a bracket is not closed"},
      {"[!]", "a bracket is not closed"},
      {"[a-", "a bracket is not closed"},
      {"[z-a]", "a range in a bracket ends before it begins"},
      {"[/]", "a bracket cannot match a slash"},
      {"[[:alpha:]]", "classes like [:alpha:] are unknown"},
      {"{a,b", "a brace is not closed"},
      {"{a,{b,c}}", "a brace is inside another one"},
      {"a\\", "nothing follows the last backslash"},
      {"[\\", "nothing follows the last backslash"},
      {"caf\xe9", "it is not text in UTF-8"},
      {std::string("a\0b", 3), "it is not text in UTF-8"},
      {std::string(1025, 'a'), "it is longer than 1024 bytes"}};
  for (const auto& example : cases) {
    CAPTURE(example.first);
    const auto glob = ParsePathGlob(example.first);
    REQUIRE_FALSE(glob);
    CHECK(glob.error().kind == ErrorKind::kConfig);
    CHECK(glob.error().message == example.second);
  }
}

TEST_CASE("a slash at the end means folders") {
  CHECK(ParsePathGlob("a/")->folders_only);
  CHECK(ParsePathGlob("/a/**/")->folders_only);
  CHECK_FALSE(ParsePathGlob("/a")->folders_only);
  CHECK_FALSE(ParsePathGlob("a/**")->folders_only);
}

}  // namespace dbxes

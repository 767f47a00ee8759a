// SPDX-License-Identifier: Apache-2.0
// Basic rules that contradict, repeat or hide each other.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <initializer_list>
#include <string>

#include "rules/rule_readers.h"
#include "rules/rules_text.h"

namespace dbxes::rules {

TEST_CASE("rules without effect are reported") {
  const auto rules = [](std::initializer_list<const char*> policies) {
    std::string text;
    for (const char* policy : policies) {
      const std::string id = *policy == '!' ? "DEFAULT" : std::to_string(text.size());
      text += fmt::format(
          R"({}{{"id":"{}","policy":"{}","field":"{}","rule":"regex","value":"{}","order":{}}})",
          text.empty() ? "[" : ",\n", id, *policy == '!' ? policy + 1 : policy,
          *policy == '!' ? "_" : "name", *policy == '!' ? ".*" : "a" + id, text.size());
    }
    return FindingsOf(text + "]");
  };
  const std::string included =
      ": documents that no rule excludes are included; to include nothing else, add the rule with "
      "the id "
      "DEFAULT and the policy exclude";
  const std::string excluded = ": documents that no rule includes are excluded by the rule DEFAULT";
  CHECK(rules({"include"}) == Lines{":1:2: warning: /0: has no effect" + included});
  CHECK(rules({"exclude", "include", "include"}) ==
        Lines{":2:1: warning: /1: has no effect, nor does the rule after it" + included});
  CHECK(rules({"include", "include", "!include", "include"}) ==
        Lines{":1:2: warning: /0: has no effect, nor do the 2 rules after it" + included});
  CHECK(rules({"!exclude", "include", "exclude"}) ==
        Lines{":3:1: warning: /2: has no effect" + excluded});
  CHECK(rules({"include", "exclude"}).empty());
  CHECK(rules({"include", "!exclude"}).empty());
  CHECK(rules({"!include"}).empty());
  CHECK(rules({"!exclude"}).empty());
  // What else is wrong comes first.
  CHECK(FindingsOf(R"([{"id":"1","policy":"include","field":"name","rule":"equals","value":"a",)"
                   R"("order":1},{}])")
            .size() == 6);
}

TEST_CASE("the rule DEFAULT may be there once") {
  const std::string rule =
      R"({"id":"DEFAULT","policy":"exclude","field":"_","rule":"regex","value":".*","order":1})";
  CHECK(FindingsOf("[" + rule + ",\n" + rule + "]") ==
        Lines{":2:1: error: /1: the rule DEFAULT is already in line 1"});
}

TEST_CASE("rules that test the same are refused") {
  const auto two = [](const std::string& first, const std::string& second) {
    return FindingsOf("[" + first + ",\n" + second + "]");
  };
  CHECK(
      two(Rule("1", "name", "equals", "a", 1), Rule("2", "name", "equals", "a", 2)) ==
      Lines{":2:1: error: /1: tests the same as the rule \"1\" in line 1, which is applied first"});
  // The one that is asked later is the superfluous one.
  CHECK(
      two(Rule("1", "name", "equals", "a", 2), Rule("2", "name", "equals", "a", 1)) ==
      Lines{":1:2: error: /0: tests the same as the rule \"2\" in line 2, which is applied first"});
  CHECK(two(Rule("1", "size", "equals", "5", 1), Rule("2", "size", "equals", "5.0", 2)).size() ==
        1);
  CHECK(two(Rule("1", "_timestamp", ">", "2026-01-01", 1),
            Rule("2", "_timestamp", ">", "2026-01-01T00:00:00Z", 2))
            .size() == 1);
  CHECK(two(Rule("1", "name", "equals", "5", 1), Rule("2", "name", "equals", "5.0", 2)).empty());
  CHECK(two(Rule("1", "name", "equals", "a", 1), Rule("2", "id", "equals", "a", 2)).empty());
  CHECK(two(Rule("1", "name", "equals", "a", 1), Rule("1", "name", "equals", "b", 2))[0].find(
            "warning") != std::string::npos);
}

TEST_CASE("rules that are never reached are refused") {
  const auto reached = [](const char* field, const char* op, const char* value,
                          const char* later_op, const char* later_value) {
    return FindingsOf("[" + Rule("1", field, op, value, 1) + "," +
                      Rule("2", field, later_op, later_value, 2) + "]")
        .empty();
  };
  CHECK_FALSE(reached("name", "contains", "a", "equals", "bab"));
  CHECK_FALSE(reached("name", "contains", "a", "starts_with", "ba"));
  CHECK_FALSE(reached("name", "contains", "a", "ends_with", "ab"));
  CHECK_FALSE(reached("name", "contains", "a", "contains", "bab"));
  CHECK_FALSE(reached("name", "starts_with", "a", "equals", "ab"));
  CHECK_FALSE(reached("name", "starts_with", "a", "starts_with", "ab"));
  CHECK_FALSE(reached("name", "ends_with", ".pdf", "equals", "a.pdf"));
  CHECK_FALSE(reached("name", "ends_with", "f", "ends_with", ".pdf"));
  CHECK_FALSE(reached("name", "regex", "[a-c]+$", "equals", "abc"));
  CHECK_FALSE(reached("name", ">", "a", ">", "b"));
  CHECK_FALSE(reached("size", ">", "5", ">", "10"));
  CHECK_FALSE(reached("size", ">", "5", "equals", "6"));
  CHECK_FALSE(reached("size", "<", "5", "<", "4"));
  CHECK_FALSE(reached("_timestamp", "<", "2026-01-01", "<", "2025-12-31T23:00:00Z"));

  CHECK(reached("name", "contains", "a", "equals", "b"));
  CHECK(reached("name", "contains", "ab", "contains", "a"));
  CHECK(reached("name", "starts_with", "a", "ends_with", "a"));
  CHECK(reached("name", "starts_with", "a", "contains", "a"));
  CHECK(reached("name", "ends_with", "f", "starts_with", "f"));
  CHECK(reached("name", "equals", "a", "starts_with", "a"));
  CHECK(reached("name", "contains", "a", "regex", "a"));
  CHECK(reached("name", "regex", "[a-c]+$", "equals", "abcd"));
  CHECK(reached("size", ">", "5", "equals", "5"));
  CHECK(reached("size", ">", "10", ">", "5"));
  CHECK(reached("size", ">", "5", "<", "10"));
  CHECK(reached("size", ">", "9", "equals", "10.5") == false);
  CHECK(reached("size", "contains", "1", "equals", "10"));
}

}  // namespace dbxes::rules

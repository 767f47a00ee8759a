// SPDX-License-Identifier: Apache-2.0
// Rules files of every shape, and what is reported about wrong ones.
#include "rules/rule_file.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "rules/rules_text.h"

namespace dbxes::rules {

TEST_CASE("all shapes of the connector are accepted") {
  const std::string basic = Basic("");
  const std::string advanced = R"([{"query":"a"},{"query":"b","options":{"path":"/x"}}])";
  const struct {
    std::string text;
    std::size_t basic;
    std::size_t advanced;
  } rows[] = {
      {"[]", 0, 0},
      {basic, 1, 0},
      {advanced, 0, 2},
      {R"({"rules":)" + basic + "}", 1, 0},
      {R"({"advanced_snippet":)" + advanced + "}", 0, 2},
      {R"({"rules":)" + basic + R"(,"advanced_snippet":{"value":)" + advanced + "}}", 1, 2},
      {R"({"rules":)" + basic +
           R"(,"advanced_snippet":{"value":{},"created_at":"2026","updated_at":"2026"},
          "validation":{"state":"valid","errors":[]}})",
       1, 0},
      {R"({"domain":"DEFAULT","active":{"rules":)" + basic + R"(},"draft":{"rules":[5]}})", 1, 0},
      {R"({"filtering":[{"domain":"DEFAULT","active":{"rules":)" + basic + "}}]}", 1, 0},
      {R"({"filtering":{"rules":)" + basic + "}}", 1, 0},
      {R"({"filtering":[]})", 0, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(FindingsOf(row.text) == Lines());
    const RuleFile file = ReadRules(row.text);
    CHECK(file.rules.basic.size() == row.basic);
    CHECK(file.rules.advanced.size() == row.advanced);
  }
}

TEST_CASE("other shapes are refused with words") {
  CHECK(FindingsOf("5") ==
        Lines{":1:1: error: a rules file is an array of rules, or an object with the members rules "
              "and advanced_snippet"});
  CHECK(FindingsOf("{}") == Lines{":1:1: error: has neither \"rules\" nor \"advanced_snippet\""});
  CHECK(FindingsOf(R"({"query":"x"})") ==
        Lines{":1:1: error: is a single rule: put it into an array"});
  CHECK(FindingsOf("[5]")[0].find("/0: is not a rule") != std::string::npos);
  CHECK(FindingsOf("[{}]")[0].find("/0: is not a rule") != std::string::npos);
  CHECK(FindingsOf(R"({"rules":[],"rule":[]})") ==
        Lines{":1:13: error: /rule: unknown member \"rule\" (allowed: rules, advanced_snippet, "
              "validation)"});
  CHECK(FindingsOf(R"([{"query":"x"},)" + Basic("").substr(1))[0].find(
            "/1: is a basic rule among advanced ones") != std::string::npos);
  CHECK(FindingsOf(R"({"rules":[{"query":"x"}]})")[0].find(
            "/rules/0: is an advanced rule among basic ones") != std::string::npos);
}

TEST_CASE("warnings leave a file valid") {
  const RuleFile file = ReadRules(Condition("titel", "equals", "x"));
  CHECK(file.findings.errors() == 0);
  CHECK(file.findings.warnings() == 1);
}

TEST_CASE("all mistakes are reported at once, in the order of the file") {
  const Lines lines = FindingsOf(
      "{\"rules\":[\n{\"id\":\"1\",\"policy\":\"maybe\",\"field\":\"size\",\"rule\":\">\","
      "\"value\":\"x\",\"order\":1},\n{\"id\":\"2\"},\n7],\n\"advanced_snippet\":[{\"query\":\"\"}]"
      ",\n"
      "\"advanced_snippet\":[{\"query\":5}]}");
  REQUIRE(lines.size() == 9);
  CHECK(lines[0].find(":2:") == 0);
  CHECK(lines[8].find(":6:") == 0);
}

TEST_CASE("too much is refused in no time") {
  CHECK(FindingsOf(std::string(50u << 20, ' ')) == Lines{": error: the file is larger than 4 MiB"});
  std::string text = "[";
  for (std::size_t i = 0; i <= kMaxRules; ++i) {
    text +=
        (i == 0 ? "" : ",") + Rule(std::to_string(i), "name", "equals", "a" + std::to_string(i), 1);
  }
  CHECK(FindingsOf(text + "]").size() == 1);
}

TEST_CASE("the greatest number of rules is checked in bounded time") {
  std::string text = "[";
  for (std::size_t i = 0; i < kMaxRules; ++i) {
    text +=
        (i == 0 ? "" : ",") + Rule(std::to_string(i), "name", i % 2 == 0 ? "contains" : "equals",
                                   fmt::format("{}{:05}", i % 2 == 0 ? "c" : "e", i), 1);
  }
  CHECK(FindingsOf(text + "]").empty());
}

}  // namespace dbxes::rules

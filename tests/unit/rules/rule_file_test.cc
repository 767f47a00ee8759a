// SPDX-License-Identifier: Apache-2.0
// Rules files in every shape, and what is said about the wrong ones.
#include "rules/rule_file.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace dbxes::rules {
namespace {

// "LINE:COLUMN error POINTER MESSAGE" of all findings, in order.
std::vector<std::string> FindingsOf(std::string_view text) {
  RuleFile file = ReadRules(text);
  std::vector<std::string> lines;
  for (const Finding& finding : file.findings.Sorted()) {
    lines.push_back(FormatFinding(finding, ""));
  }
  return lines;
}

using Lines = std::vector<std::string>;

std::string Basic(const std::string& members) {
  return R"([{"id":"1","policy":"exclude","field":"name","rule":"equals","value":"a","order":1)" +
         (members.empty() ? "" : "," + members) + "}]";
}

// A list of one rule with one member replaced.
std::string With(std::string_view key, std::string_view value) {
  const std::pair<std::string_view, std::string_view> members[] = {
      {"id", "\"1\""},        {"policy", "\"exclude\""}, {"field", "\"name\""},
      {"rule", "\"equals\""}, {"value", "\"a\""},        {"order", "1"}};
  std::string text;
  for (const auto& [name, usual] : members) {
    text +=
        fmt::format("{}\"{}\":{}", text.empty() ? "[{" : ",", name, name == key ? value : usual);
  }
  return text + "}]";
}

std::string Rule(std::string_view id, std::string_view field, std::string_view op,
                 std::string_view value, int order) {
  return fmt::format(
      R"({{"id":"{}","policy":"exclude","field":"{}","rule":"{}","value":"{}","order":{}}})", id,
      field, op, value, order);
}

std::string Condition(std::string_view field, std::string_view op, std::string_view value) {
  return "[" + Rule("1", field, op, value, 1) + "]";
}

}  // namespace

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
  CHECK(FindingsOf("[5]")[0].find("/0: is no rule") != std::string::npos);
  CHECK(FindingsOf("[{}]")[0].find("/0: is no rule") != std::string::npos);
  CHECK(FindingsOf(R"({"rules":[],"rule":[]})") ==
        Lines{":1:13: error: /rule: unknown member \"rule\" (allowed: rules, advanced_snippet, "
              "validation)"});
  CHECK(FindingsOf(R"([{"query":"x"},)" + Basic("").substr(1))[0].find(
            "/1: is a basic rule among advanced ones") != std::string::npos);
  CHECK(FindingsOf(R"({"rules":[{"query":"x"}]})")[0].find(
            "/rules/0: is an advanced rule among basic ones") != std::string::npos);
}

TEST_CASE("each member of a basic rule is checked") {
  const struct {
    const char* key;
    const char* value;
    const char* message;
  } rows[] = {
      {"policy", "\"maybe\"", "/0/policy: \"maybe\" is no policy (allowed: include, exclude)"},
      {"rule", "\"greater_than\"",
       "/0/rule: \"greater_than\" is no rule (allowed: equals, contains, starts_with, ends_with, "
       "regex, >, <)"},
      {"value", "5", "/0/value: must be a string, not a number"},
      {"value", "\"\"", "/0/value: must not be empty"},
      {"value", "null", "/0/value: must be a string, not null"},
      {"id", "\"\"", "/0/id: must not be empty"},
      {"id", "7", "/0/id: must be a string, not a number"},
      {"field", "[]", "/0/field: must be a string, not an array"},
      {"order", "\"1\"", "/0/order: must be a number, not a string"},
      {"field", "\"body\"", "/0/field: rules cannot test \"body\": they decide before it is known"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.key);
    const Lines lines = FindingsOf(With(row.key, row.value));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].substr(lines[0].find("/0")) == row.message);
  }
  CHECK(FindingsOf(With("order", "1e999"))[0].find("the number is too large") != std::string::npos);
  CHECK(FindingsOf("[{\"id\":\"1\"}]").size() == 5);
  CHECK(FindingsOf(Basic("\"created_at\":\"2026\",\"updated_at\":\"2026\"")).empty());
  CHECK(FindingsOf(Basic("\"colour\":1")) ==
        Lines{":1:84: error: /0/colour: unknown member \"colour\" (allowed: id, policy, field, "
              "rule, value, order, created_at, updated_at)"});
}

TEST_CASE("a value must be what its field holds") {
  const auto message = [](const char* field, const char* op, const char* value) {
    const Lines lines = FindingsOf(Condition(field, op, value));
    return lines.empty() ? std::string() : lines[0].substr(lines[0].find("/0"));
  };
  CHECK(message("size", ">", "10MB") ==
        "/0/value: \"10MB\" is no number, which the field \"size\" holds");
  CHECK(message("size", "equals", "ten") != "");
  CHECK(message("size", "contains", "ten") == "");
  CHECK(message("size", ">", "1e6") == "");
  CHECK(message("_timestamp", "<", "yesterday").find("is no date") != std::string::npos);
  CHECK(message("_timestamp", "starts_with", "2026") == "");
  CHECK(message("_timestamp", "<", "2026-01-01") == "");
  CHECK(message("_run_ml_inference", "equals", "perhaps").find("is no true or false") !=
        std::string::npos);
  CHECK(message("_run_ml_inference", "equals", "TRUE") == "");
  CHECK(message("_run_ml_inference", ">", "true").find("only equals") != std::string::npos);
  CHECK(message("titel", "equals", "x").find("has a field \"titel\"") != std::string::npos);
  CHECK(message("type", "equals", "file").find("File or Folder") != std::string::npos);
  CHECK(message("extension", "equals", "PDF").find("lower case") != std::string::npos);
  CHECK(message("extension", "equals", ".pdf").find("without its dot") != std::string::npos);
}

TEST_CASE("a rule that can match no document is told, and why") {
  const auto why = [](const char* field, const char* op, const char* value) {
    const Lines lines = FindingsOf(Condition(field, op, value));
    if (lines.empty()) return std::string();
    REQUIRE(lines.size() == 1);
    const std::string before = ": warning: /0/value: the rule never matches: ";
    const auto at = lines[0].find(before);
    return at == std::string::npos ? lines[0] : lines[0].substr(at + before.size());
  };
  const std::string begins = "a path begins with a slash";
  const std::string ends = "a path has no slash at its end";
  for (const char* field : {"file_path", "path_lower", "ancestors"}) {
    CAPTURE(field);
    CHECK(why(field, "equals", "a") == begins);
    CHECK(why(field, "starts_with", "a/b") == begins);
    CHECK(why(field, "equals", "/a/") == ends);
    CHECK(why(field, "ends_with", "b/") == ends);
    CHECK(why(field, "equals", "/") == ends);
    CHECK(why(field, "starts_with", "/a/") == "");
    CHECK(why(field, "contains", "a/") == "");
    CHECK(why(field, "ends_with", "a") == "");
    CHECK(why(field, "regex", "a/$") == "");
  }
  CHECK(why("path_lower", "starts_with", "/A") == "path_lower is in lower case");
  CHECK(why("ancestors", "equals", "/A") == "ancestors is in lower case");
  CHECK(why("file_path", "starts_with", "/A") == "");
  CHECK(why("path_lower", "regex", "/A") == "");
  CHECK(why("name", "contains", "a/b") == "a name has no slash");
  CHECK(why("extension", "ends_with", "tar.gz") == "an extension comes without its dot");
  CHECK(why("type", "equals", "folder") == "a type is File or Folder");
  CHECK(why("type", "starts_with", "Fo") == "");
  CHECK(why("url", "equals", "a/") == "");
}

TEST_CASE("rules that change nothing are told") {
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
      ": what no rule excludes is included; to include nothing else, add the rule with the id "
      "DEFAULT and the policy exclude";
  const std::string excluded = ": what no rule includes is excluded by the rule DEFAULT";
  CHECK(rules({"include"}) == Lines{":1:2: warning: /0: changes nothing" + included});
  CHECK(rules({"exclude", "include", "include"}) ==
        Lines{":2:1: warning: /1: changes nothing, nor does the rule after it" + included});
  CHECK(rules({"include", "include", "!include", "include"}) ==
        Lines{":1:2: warning: /0: changes nothing, nor do the 2 rules after it" + included});
  CHECK(rules({"!exclude", "include", "exclude"}) ==
        Lines{":3:1: warning: /2: changes nothing" + excluded});
  CHECK(rules({"include", "exclude"}).empty());
  CHECK(rules({"include", "!exclude"}).empty());
  CHECK(rules({"!include"}).empty());
  CHECK(rules({"!exclude"}).empty());
  // What else is wrong comes first.
  CHECK(FindingsOf(R"([{"id":"1","policy":"include","field":"name","rule":"equals","value":"a",)"
                   R"("order":1},{}])")
            .size() == 6);
}

TEST_CASE("the rule DEFAULT stands once") {
  const std::string rule =
      R"({"id":"DEFAULT","policy":"exclude","field":"_","rule":"regex","value":".*","order":1})";
  CHECK(FindingsOf("[" + rule + ",\n" + rule + "]") ==
        Lines{":2:1: error: /1: the rule DEFAULT stands in line 1 already"});
}

TEST_CASE("warnings leave a file valid") {
  const RuleFile file = ReadRules(Condition("titel", "equals", "x"));
  CHECK(file.findings.errors() == 0);
  CHECK(file.findings.warnings() == 1);
}

TEST_CASE("regular expressions that match all are refused") {
  for (const std::string regex :
       {".*", "(.*)", "^.*$", ".+", "(.+)$", "a*", "", "^", "(foo)?", "x|", ".*?", "."}) {
    CAPTURE(regex);
    CHECK(FindingsOf(Condition("name", "regex", regex)).size() == 1);
  }
  for (const std::string regex :
       {"a", ".*a", "a.*", "^$", "[^q]*$", ".{0,5}$", "\\\\b", "(.*)(x)"}) {
    CAPTURE(regex);
    CHECK(FindingsOf(Condition("name", "regex", regex)).empty());
  }
}

TEST_CASE("an invalid regular expression is told with its place") {
  const Lines lines = FindingsOf(
      "[\n{\"id\":\"1\",\"policy\":\"exclude\",\"field\":\"name\",\n\"rule\":\"regex\","
      "\"value\":\"a\\\\d(?!b)\",\"order\":1}]");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("byte 4 (line 3, column 29)") != std::string::npos);
  CHECK(lines[0].find(":3:24: error: /0/value: ") == 0);
  for (const std::string regex : {"(", "[a", "a{1000}{1000}{1000}", "*a", "\\\\1", "(?<=a)b",
                                  "((((a{100}){100}){100}){100})"}) {
    CAPTURE(regex);
    CHECK(FindingsOf(Condition("name", "regex", regex)).size() == 1);
  }
  CHECK(FindingsOf(Condition("name", "regex", std::string(1001, 'a'))).size() == 1);
}

TEST_CASE("rules that test the same are refused") {
  const auto two = [](const std::string& first, const std::string& second) {
    return FindingsOf("[" + first + ",\n" + second + "]");
  };
  CHECK(two(Rule("1", "name", "equals", "a", 1), Rule("2", "name", "equals", "a", 2)) ==
        Lines{":2:1: error: /1: tests the same as the rule \"1\" in line 1, which is asked first"});
  // The one that is asked later is the superfluous one.
  CHECK(two(Rule("1", "name", "equals", "a", 2), Rule("2", "name", "equals", "a", 1)) ==
        Lines{":1:2: error: /0: tests the same as the rule \"2\" in line 2, which is asked first"});
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

TEST_CASE("the options of a search are held to what Dropbox accepts") {
  const auto first = [](const std::string& options) {
    const Lines lines = FindingsOf(R"([{"query":"x","options":{)" + options + "}}]");
    return lines.empty() ? std::string()
                         : lines[0].substr(lines[0].find("error") == std::string::npos
                                               ? lines[0].find("warning")
                                               : lines[0].find("error"));
  };
  CHECK(first(R"("file_categories":[{".tag":"png"}])") ==
        "error: /0/options/file_categories/0/.tag: Dropbox knows no \"png\" here (allowed: image, "
        "document, pdf, spreadsheet, presentation, audio, video, folder, paper, others)");
  CHECK(first(R"("file_categories":["pdf"])") ==
        "error: /0/options/file_categories/0: must be an object, not a string");
  CHECK(first(R"("file_categories":[{}])") ==
        "error: /0/options/file_categories/0: the member \".tag\" is missing");
  CHECK(first(R"("file_categories":[])").find("at least one element") != std::string::npos);
  CHECK(first(R"("file_extensions":[])").find("at least one element") != std::string::npos);
  CHECK(first(R"("file_extensions":"pdf")").find("must be an array") != std::string::npos);
  CHECK(first(R"("file_extensions":[".pdf"])").find("warning") == 0);
  CHECK(first(R"("file_extensions":["pdf"],"file_categories":[{".tag":"pdf"}])")
            .find("warning: /0/options/file_extensions: has no effect") == 0);
  CHECK(first(R"("path":"a")").find("begins with a slash") != std::string::npos);
  CHECK(first(R"("path":"")") == "error: /0/options/path: must not be empty");
  CHECK(first(R"("path":"/","max_results":1000)") == "");
  CHECK(first(R"("max_results":"100")") == "");
  CHECK(first(R"("max_results":0)").find("from 1 to 1000") != std::string::npos);
  CHECK(first(R"("max_results":1001)").find("from 1 to 1000") != std::string::npos);
  CHECK(first(R"("max_results":1.5)").find("from 1 to 1000") != std::string::npos);
  CHECK(first(R"("max_results":"many")").find("from 1 to 1000") != std::string::npos);
  CHECK(first(R"("order_by":{".tag":"last_modified_time"})") == "");
  CHECK(first(R"("order_by":{".tag":"size"})").find("knows no \"size\"") != std::string::npos);
  CHECK(first(R"("file_status":{".tag":"active"})") == "");
  CHECK(first(R"("file_status":{".tag":"deleted"})").find("cannot be indexed") !=
        std::string::npos);
  CHECK(first(R"("filename_only":"yes")").find("must be true or false") != std::string::npos);
  CHECK(first(R"("account_id":"dbid:x","filename_only":true)") == "");
  CHECK(first(R"("extension":"pdf")").find("unknown member") != std::string::npos);
}

TEST_CASE("searches are checked as a whole") {
  CHECK(FindingsOf(R"([{"query":""}])") == Lines{":1:11: error: /0/query: must not be empty"});
  CHECK(FindingsOf(R"([{"options":{}}])") ==
        Lines{":1:2: error: /0: the member \"query\" is missing"});
  CHECK(FindingsOf(R"([{"query":")" + std::string(1001, 'x') + R"("}])").size() == 1);
  CHECK(FindingsOf(R"([{"query":")" + std::string(1000, 'x') + R"("}])").empty());
  CHECK(FindingsOf("[{\"query\":\"x\"},\n{\"query\":\"x\",\"options\":{}}]") ==
        Lines{":2:1: error: /1: the same search stands in line 1 already (/0)"});
  CHECK(FindingsOf(R"([{"query":"x","match_field_options":{"include_highlights":true}}])").size() ==
        1);
}

TEST_CASE("the examples of the connector's documentation") {
  CHECK(FindingsOf(R"([{"query": "confidential"}, {"query": "dropbox"}])").empty());
  CHECK(FindingsOf(R"([{"query": "dropbox", "options": {"file_extensions": ["txt", "pdf"]}}])")
            .empty());
  // This one names a category that Dropbox does not have.
  CHECK(FindingsOf(R"([{"query": "test", "options": {"file_categories":
                      [{".tag": "paper"}, {".tag": "png"}]}}])")
            .size() == 1);
}

TEST_CASE("all that is wrong is told at once, in the order of the file") {
  const Lines lines = FindingsOf(
      "{\"rules\":[\n{\"id\":\"1\",\"policy\":\"maybe\",\"field\":\"size\",\"rule\":\">\","
      "\"value\":\"x\",\"order\":1},\n{\"id\":\"2\"},\n7],\n\"advanced_snippet\":[{\"query\":\"\"}]"
      ",\n"
      "\"advanced_snippet\":[{\"query\":5}]}");
  REQUIRE(lines.size() == 9);
  CHECK(lines[0].find(":2:") == 0);
  CHECK(lines[8].find(":6:") == 0);
}

TEST_CASE("a file of nothing but mistakes is told with a part of them") {
  std::string text = "[";
  for (int i = 0; i < 9000; ++i) text += "{\"id\":1},";
  RuleFile file = ReadRules(text + "{\"id\":1}]");
  CHECK(file.findings.errors() == 6 * 9001);
  CHECK(file.findings.Sorted().size() == Findings::kMostKept);
  CHECK(file.findings.dropped() == 6 * 9001 - Findings::kMostKept);
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

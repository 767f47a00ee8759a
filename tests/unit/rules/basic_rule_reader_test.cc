// SPDX-License-Identifier: Apache-2.0
// Single basic rules, and what is reported about wrong ones.
#include <doctest/doctest.h>

#include <string>

#include "rules/rule_readers.h"
#include "rules/rules_text.h"

namespace dbxes::rules {

TEST_CASE("each member of a basic rule is checked") {
  const struct {
    const char* key;
    const char* value;
    const char* message;
  } rows[] = {
      {"policy", "\"maybe\"", "/0/policy: \"maybe\" is not a policy (allowed: include, exclude)"},
      {"rule", "\"greater_than\"",
       "/0/rule: \"greater_than\" is not a rule (allowed: equals, contains, starts_with, "
       "ends_with, "
       "regex, >, <)"},
      {"value", "5", "/0/value: must be a string, not a number"},
      {"value", "\"\"", "/0/value: must not be empty"},
      {"value", "null", "/0/value: must be a string, not null"},
      {"id", "\"\"", "/0/id: must not be empty"},
      {"id", "7", "/0/id: must be a string, not a number"},
      {"field", "[]", "/0/field: must be a string, not an array"},
      {"order", "\"1\"", "/0/order: must be a number, not a string"},
      {"field", "\"body\"",
       "/0/field: rules cannot test \"body\": it is not known yet when they are applied"},
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

TEST_CASE("a value must have the type of its field") {
  const auto message = [](const char* field, const char* op, const char* value) {
    const Lines lines = FindingsOf(Condition(field, op, value));
    return lines.empty() ? std::string() : lines[0].substr(lines[0].find("/0"));
  };
  CHECK(message("size", ">", "10MB") == "/0/value: size is a number of bytes: \"10MB\" is not one");
  CHECK(message("size", "equals", "ten") != "");
  CHECK(message("size", "contains", "ten") == "");
  CHECK(message("size", ">", "1e6") == "");
  CHECK(message("_timestamp", "<", "yesterday").find("is a date such as") != std::string::npos);
  CHECK(message("_timestamp", "starts_with", "2026") == "");
  CHECK(message("_timestamp", "<", "2026-01-01") == "");
  CHECK(message("_run_ml_inference", "equals", "perhaps").find("is neither") != std::string::npos);
  CHECK(message("_run_ml_inference", "equals", "TRUE") == "");
  CHECK(message("_run_ml_inference", ">", "true").find("only equals") != std::string::npos);
  CHECK(message("titel", "equals", "x").find("has a field \"titel\"") != std::string::npos);
  CHECK(message("type", "equals", "file").find("File or Folder") != std::string::npos);
  CHECK(message("extension", "equals", "PDF").find("lower case") != std::string::npos);
  CHECK(message("extension", "equals", ".pdf").find("has no dot") != std::string::npos);
}

TEST_CASE("a rule that can match no document is reported with the reason") {
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
  CHECK(why("extension", "ends_with", "tar.gz") == "an extension has no dot");
  CHECK(why("type", "equals", "folder") == "a type is File or Folder");
  CHECK(why("type", "starts_with", "Fo") == "");
  CHECK(why("url", "equals", "a/") == "");
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

TEST_CASE("an invalid regular expression is reported with its place") {
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

}  // namespace dbxes::rules

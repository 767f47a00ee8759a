// SPDX-License-Identifier: Apache-2.0
// Whole rules files and documents: what is decided.
#include <doctest/doctest.h>

#include <string>

#include "json_document.h"
#include "rules/rule_file.h"
#include "rules/rule_matcher.h"

namespace dbxes::rules {
namespace {

// Rules in short: {policy, field, rule, value, order}.
struct Short {
  const char* id;
  const char* policy;
  const char* field;
  const char* rule;
  const char* value;
  double order;
};

std::string FileOf(std::initializer_list<Short> rules) {
  std::string text = "[";
  for (const Short& rule : rules) {
    if (text.size() > 1) text += ",";
    JsonBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    for (const auto& [key, value] : {std::pair("id", rule.id), std::pair("policy", rule.policy),
                                     std::pair("field", rule.field), std::pair("rule", rule.rule),
                                     std::pair("value", rule.value)}) {
      writer.Key(key);
      writer.String(value);
    }
    writer.Key("order");
    writer.Double(rule.order);
    writer.EndObject();
    text += View(buffer);
  }
  return text + "]";
}

// "include" or "exclude", and the id of the rule that said so.
std::string Decide(const std::string& file, std::string_view document) {
  RuleFile read = ReadRules(file);
  for (const Finding& finding : read.findings.Sorted()) MESSAGE(FormatFinding(finding, "file"));
  REQUIRE(read.findings.errors() == 0);
  const JsonDocument json(document);
  const RuleDecision decision = RuleMatcher(read.rules).Decide(json.Fields());
  std::string text(ToString(decision.policy));
  return decision.rule ? text + " by " + read.rules.basic[*decision.rule].id : text;
}

}  // namespace

TEST_CASE("no rule, no opinion: everything is included") {
  CHECK(Decide("[]", R"({"name":"a"})") == "include");
  CHECK(Decide(FileOf({{"1", "exclude", "name", "equals", "b", 0}}), R"({"name":"a"})") ==
        "include");
}

TEST_CASE("the first rule that matches decides") {
  const std::string file = FileOf({{"late", "exclude", "name", "ends_with", ".txt", 2},
                                   {"early", "include", "name", "starts_with", "keep", 1}});
  CHECK(Decide(file, R"({"name":"keep.txt"})") == "include by early");
  CHECK(Decide(file, R"({"name":"other.txt"})") == "exclude by late");
  CHECK(Decide(file, R"({"name":"other.pdf"})") == "include");
}

TEST_CASE("rules with the same order number apply in the order of the file") {
  CHECK(Decide(FileOf({{"a", "include", "name", "contains", "x", 1},
                       {"b", "exclude", "name", "contains", "y", 1}}),
               R"({"name":"xy"})") == "include by a");
  CHECK(Decide(FileOf({{"b", "exclude", "name", "contains", "y", 1},
                       {"a", "include", "name", "contains", "x", 1}}),
               R"({"name":"xy"})") == "exclude by b");
}

TEST_CASE("orders are numbers, whole or not, below zero or above") {
  const std::string file = FileOf({{"a", "include", "name", "contains", "a", 1.5},
                                   {"b", "exclude", "name", "contains", "b", -1},
                                   {"c", "exclude", "name", "contains", "c", 1.25}});
  CHECK(Decide(file, R"({"name":"abc"})") == "exclude by b");
  CHECK(Decide(file, R"({"name":"ac"})") == "exclude by c");
  CHECK(Decide(file, R"({"name":"a"})") == "include by a");
}

TEST_CASE("policies and operators may be written in any letters") {
  CHECK(Decide(FileOf({{"1", "EXCLUDE", "name", "Equals", "a", 0}}), R"({"name":"a"})") ==
        "exclude by 1");
  CHECK(Decide(FileOf({{"1", "Exclude", "name", "STARTS_WITH", "a", 0}}), R"({"name":"ab"})") ==
        "exclude by 1");
}

TEST_CASE("the rule DEFAULT decides about the rest, whatever its order") {
  const std::string rest = FileOf({{"DEFAULT", "exclude", "_", "regex", ".*", 0},
                                   {"1", "include", "name", "ends_with", ".pdf", 1}});
  CHECK(Decide(rest, R"({"name":"a.pdf"})") == "include by 1");
  CHECK(Decide(rest, R"({"name":"a.txt"})") == "exclude");
  CHECK(Decide(rest, R"({})") == "exclude");
  const std::string usual = FileOf({{"1", "exclude", "name", "ends_with", ".pdf", 1},
                                    {"DEFAULT", "include", "_", "regex", ".*", 0}});
  CHECK(Decide(usual, R"({"name":"a.pdf"})") == "exclude by 1");
  CHECK(Decide(usual, R"({"name":"a.txt"})") == "include");
}

TEST_CASE("rules on several fields work together") {
  const std::string file =
      FileOf({{"big", "exclude", "size", ">", "1000", 1},
              {"old", "exclude", "_timestamp", "<", "2020-01-01", 2},
              {"private", "exclude", "file_path", "starts_with", "/Private/", 3},
              {"folders", "include", "type", "equals", "Folder", 4},
              {"DEFAULT", "exclude", "_", "regex", ".*", 99},
              {"office", "include", "extension", "regex", "(docx|xlsx)$", 5}});
  const struct {
    const char* document;
    const char* decision;
  } rows[] = {
      {R"({"type":"File","size":1001,"extension":"docx","file_path":"/a"})", "exclude by big"},
      {R"({"type":"File","size":1000,"extension":"docx","file_path":"/a"})", "include by office"},
      {R"({"type":"File","size":9,"extension":"doc","file_path":"/a"})", "exclude"},
      {R"({"type":"File","size":9,"extension":"docx","_timestamp":"2019-12-31T23:59:59Z"})",
       "exclude by old"},
      {R"({"type":"File","size":9,"extension":"docx","_timestamp":"2020-01-01T00:00:00Z"})",
       "include by office"},
      {R"({"type":"Folder","size":0,"file_path":"/Private/x"})", "exclude by private"},
      {R"({"type":"Folder","size":0,"file_path":"/Public"})", "include by folders"},
      {R"({"type":"Folder","size":0,"file_path":"/Private"})", "include by folders"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.document);
    CHECK(Decide(file, row.document) == row.decision);
  }
}

}  // namespace dbxes::rules

// SPDX-License-Identifier: Apache-2.0
// One rule and one document a row: does the rule match?
#include "rules/rule_matcher.h"

#include <doctest/doctest.h>

#include <string>

#include "json_document.h"

namespace dbxes::rules {
namespace {

using Op = Operator;

struct Row {
  const char* field;
  Op op;
  const char* value;
  const char* document;
  bool matches;
};

constexpr Row kTexts[] = {
    // A text as it is, in the letters that it has.
    {"name", Op::kEquals, "a.txt", R"({"name":"a.txt"})", true},
    {"name", Op::kEquals, "a.txt", R"({"name":"A.txt"})", false},
    {"name", Op::kEquals, "a", R"({"name":"a.txt"})", false},
    {"name", Op::kEquals, "a.txt ", R"({"name":"a.txt"})", false},
    {"name", Op::kEquals, "Ärger", R"({"name":"Ärger"})", true},
    {"name", Op::kEquals, "Ärger", R"({"name":"\u00c4rger"})", true},
    {"name", Op::kEquals, "😀", R"({"name":"\ud83d\ude00"})", true},
    {"name", Op::kEquals, "240", R"({"name":"240"})", true},
    {"name", Op::kEquals, "240", R"({"name":"240.0"})", false},
    {"name", Op::kContains, "port", R"({"name":"Report.pdf"})", true},
    {"name", Op::kContains, "Port", R"({"name":"Report.pdf"})", false},
    {"name", Op::kContains, "Report.pdf", R"({"name":"Report.pdf"})", true},
    {"name", Op::kContains, "Report.pdf!", R"({"name":"Report.pdf"})", false},
    {"name", Op::kContains, ".", R"({"name":"Report"})", false},
    {"name", Op::kContains, "本", R"({"name":"日本"})", true},
    {"name", Op::kStartsWith, "Re", R"({"name":"Report.pdf"})", true},
    {"name", Op::kStartsWith, "re", R"({"name":"Report.pdf"})", false},
    {"name", Op::kStartsWith, "port", R"({"name":"Report.pdf"})", false},
    {"name", Op::kStartsWith, "Report.pdf", R"({"name":"Report.pdf"})", true},
    {"name", Op::kStartsWith, "Report.pdfx", R"({"name":"Report.pdf"})", false},
    {"name", Op::kEndsWith, ".pdf", R"({"name":"Report.pdf"})", true},
    {"name", Op::kEndsWith, ".PDF", R"({"name":"Report.pdf"})", false},
    {"name", Op::kEndsWith, ".pdf", R"({"name":"Report.pdf.bak"})", false},
    {"name", Op::kEndsWith, "Report.pdf", R"({"name":"Report.pdf"})", true},
    {"file_path", Op::kStartsWith, "/Team/", R"({"file_path":"/Team/a.txt"})", true},
    {"file_path", Op::kStartsWith, "/Team/", R"({"file_path":"/Teams/a.txt"})", false},
    {"file_path", Op::kContains, "/Private/", R"({"file_path":"/a/Private/b"})", true},
    // Greater and less go by the alphabet of bytes where the field holds text.
    {"name", Op::kGreater, "a", R"({"name":"b"})", true},
    {"name", Op::kGreater, "b", R"({"name":"b"})", false},
    {"name", Op::kGreater, "c", R"({"name":"b"})", false},
    {"name", Op::kLess, "c", R"({"name":"b"})", true},
    {"name", Op::kLess, "b", R"({"name":"b"})", false},
    {"name", Op::kGreater, "9", R"({"name":"10"})", false},
    {"name", Op::kLess, "a", R"({"name":"Z"})", true},
    {"name", Op::kGreater, "2026-01-01", R"({"name":"2026-01-01T00"})", true},
    // Empty values.
    {"name", Op::kEquals, "x", R"({"name":""})", false},
    {"name", Op::kContains, "x", R"({"name":""})", false},
    {"name", Op::kLess, "x", R"({"name":""})", true},
};

constexpr Row kRegexes[] = {
    // Anchored at the start only.
    {"name", Op::kRegex, "Re.*", R"({"name":"Report.pdf"})", true},
    {"name", Op::kRegex, "Re", R"({"name":"Report.pdf"})", true},
    {"name", Op::kRegex, "port", R"({"name":"Report.pdf"})", false},
    {"name", Op::kRegex, ".*port", R"({"name":"Report.pdf"})", true},
    {"name", Op::kRegex, "Report$", R"({"name":"Report.pdf"})", false},
    {"name", Op::kRegex, "Report\\.pdf$", R"({"name":"Report.pdf"})", true},
    {"name", Op::kRegex, "^Report", R"({"name":"Report.pdf"})", true},
    {"name", Op::kRegex, "re", R"({"name":"Report.pdf"})", false},
    {"name", Op::kRegex, "(?i)re", R"({"name":"Report.pdf"})", true},
    {"name", Op::kRegex, "[0-9]{4}-", R"({"name":"2026-01.txt"})", true},
    {"name", Op::kRegex, "\\d+", R"({"name":"x1"})", false},
    {"name", Op::kRegex, "a|b", R"({"name":"bcd"})", true},
    {"name", Op::kRegex, "a|b", R"({"name":"cab"})", false},
    {"name", Op::kRegex, ".", R"({"name":""})", false},
    {"name", Op::kRegex, "..", R"({"name":"é"})", false},
    {"name", Op::kRegex, "a.b", R"({"name":"a\nb"})", false},
    {"name", Op::kRegex, "(?s)a.b", R"({"name":"a\nb"})", true},
    {"name", Op::kRegex, "\\p{Greek}", R"({"name":"αβγ"})", true},
    {"name", Op::kRegex, "(x+x+)+y", R"({"name":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})",
     false},
    {"file_path", Op::kRegex, "/[^/]+/[^/]+$", R"({"file_path":"/a/b"})", true},
    {"file_path", Op::kRegex, "/[^/]+/[^/]+$", R"({"file_path":"/a/b/c"})", false},
    {"size", Op::kRegex, "24", R"({"size":240})", true},
    {"size", Op::kRegex, "40", R"({"size":240})", false},
    {"flag", Op::kRegex, "tr", R"({"flag":true})", true},
};

constexpr Row kNumbers[] = {
    {"size", Op::kEquals, "240", R"({"size":240})", true},
    {"size", Op::kEquals, "240.0", R"({"size":240})", true},
    {"size", Op::kEquals, "2.4e2", R"({"size":240})", true},
    {"size", Op::kEquals, "+240", R"({"size":240})", true},
    {"size", Op::kEquals, "0240", R"({"size":240})", true},
    {"size", Op::kEquals, "241", R"({"size":240})", false},
    {"size", Op::kEquals, "240 ", R"({"size":240})", false},
    {"size", Op::kEquals, "abc", R"({"size":240})", false},
    {"size", Op::kEquals, "0", R"({"size":0})", true},
    {"size", Op::kEquals, "-0", R"({"size":0})", true},
    {"size", Op::kGreater, "100", R"({"size":240})", true},
    {"size", Op::kGreater, "240", R"({"size":240})", false},
    {"size", Op::kGreater, "1000", R"({"size":240})", false},
    {"size", Op::kGreater, "99", R"({"size":1000})", true},
    {"size", Op::kGreater, "239.5", R"({"size":240})", true},
    {"size", Op::kGreater, "abc", R"({"size":240})", false},
    {"size", Op::kLess, "abc", R"({"size":240})", false},
    {"size", Op::kLess, "1000", R"({"size":240})", true},
    {"size", Op::kLess, "240", R"({"size":240})", false},
    {"size", Op::kLess, "99", R"({"size":240})", false},
    {"size", Op::kLess, "1e3", R"({"size":240})", true},
    {"size", Op::kGreater, "-1", R"({"size":0})", true},
    {"size", Op::kGreater, "9007199254740992", R"({"size":9007199254740993})", true},
    {"size", Op::kEquals, "9007199254740992", R"({"size":9007199254740993})", false},
    {"size", Op::kLess, "1e300", R"({"size":9223372036854775807})", true},
    {"size", Op::kEquals, "inf", R"({"size":240})", false},
    {"size", Op::kLess, "inf", R"({"size":240})", false},
    {"size", Op::kEquals, "nan", R"({"size":240})", false},
    {"size", Op::kEquals, "0x10", R"({"size":16})", false},
    {"size", Op::kContains, "4", R"({"size":240})", true},
    {"size", Op::kStartsWith, "24", R"({"size":240})", true},
    {"size", Op::kEndsWith, "0", R"({"size":240})", true},
    {"size", Op::kEndsWith, "4", R"({"size":240})", false},
    {"ratio", Op::kEquals, "0.5", R"({"ratio":0.5})", true},
    {"ratio", Op::kGreater, "0.25", R"({"ratio":0.5})", true},
    {"ratio", Op::kLess, "0.25", R"({"ratio":0.5})", false},
    {"ratio", Op::kLess, "abc", R"({"ratio":0.5})", false},
    {"ratio", Op::kContains, ".", R"({"ratio":0.5})", true},
};

constexpr Row kDates[] = {
    {"_timestamp", Op::kEquals, "2026-01-31T10:00:00Z", R"({"_timestamp":"2026-01-31T10:00:00Z"})",
     true},
    {"_timestamp", Op::kEquals, "2026-01-31T12:00:00+02:00",
     R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"_timestamp", Op::kEquals, "2026-01-31T10:00:00.000Z",
     R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"_timestamp", Op::kEquals, "2026-01-31", R"({"_timestamp":"2026-01-31T10:00:00Z"})", false},
    {"_timestamp", Op::kEquals, "2026-01-31", R"({"_timestamp":"2026-01-31T00:00:00Z"})", true},
    {"_timestamp", Op::kGreater, "2026-01-31", R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"_timestamp", Op::kGreater, "2026-02-01", R"({"_timestamp":"2026-01-31T10:00:00Z"})", false},
    {"_timestamp", Op::kGreater, "2026-01-31T10:00:00Z", R"({"_timestamp":"2026-01-31T10:00:00Z"})",
     false},
    {"_timestamp", Op::kGreater, "2026-01-31T11:30:00+02:00",
     R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"_timestamp", Op::kLess, "2026-01-31T09:30:00-02:00",
     R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"_timestamp", Op::kLess, "2026-01-31T12:30:00+0200",
     R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"_timestamp", Op::kLess, "2026-01-31 10:00:01", R"({"_timestamp":"2026-01-31T10:00:00Z"})",
     true},
    {"_timestamp", Op::kLess, "2026-01-31T10:00", R"({"_timestamp":"2026-01-31T10:00:00Z"})",
     false},
    {"_timestamp", Op::kLess, "2027-01-01", R"({"_timestamp":"2026-12-31T23:59:59Z"})", true},
    {"_timestamp", Op::kGreater, "1999-12-31", R"({"_timestamp":"2026-12-31T23:59:59Z"})", true},
    {"_timestamp", Op::kStartsWith, "2026-01", R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"_timestamp", Op::kContains, "T10", R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"_timestamp", Op::kEndsWith, "Z", R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"_timestamp", Op::kRegex, "2026-0[1-6]", R"({"_timestamp":"2026-01-31T10:00:00Z"})", true},
    {"client_modified", Op::kGreater, "2026-01-01", R"({"client_modified":"2026-01-31T10:00:00Z"})",
     true},
    {"server_modified", Op::kLess, "2026-01-01", R"({"server_modified":"2026-01-31T10:00:00Z"})",
     false},
    // A field of no known type whose value and rule are both dates; else the alphabet.
    {"when", Op::kGreater, "2026-01-31T11:30:00+02:00", R"({"when":"2026-01-31T10:00:00Z"})", true},
    {"when", Op::kGreater, "2026-01-31", R"({"when":"tomorrow"})", true},
};

constexpr Row kBooleans[] = {
    {"flag", Op::kEquals, "true", R"({"flag":true})", true},
    {"flag", Op::kEquals, "True", R"({"flag":true})", true},
    {"flag", Op::kEquals, "TRUE", R"({"flag":true})", true},
    {"flag", Op::kEquals, "yes", R"({"flag":true})", true},
    {"flag", Op::kEquals, "1", R"({"flag":true})", true},
    {"flag", Op::kEquals, "on", R"({"flag":true})", true},
    {"flag", Op::kEquals, "false", R"({"flag":true})", false},
    {"flag", Op::kEquals, "false", R"({"flag":false})", true},
    {"flag", Op::kEquals, "0", R"({"flag":false})", true},
    {"flag", Op::kEquals, "no", R"({"flag":false})", true},
    {"flag", Op::kEquals, "true", R"({"flag":false})", false},
    {"flag", Op::kEquals, "maybe", R"({"flag":true})", false},
    {"flag", Op::kEquals, "maybe", R"({"flag":false})", false},
    {"flag", Op::kGreater, "false", R"({"flag":true})", false},
    {"flag", Op::kLess, "true", R"({"flag":false})", false},
    {"flag", Op::kStartsWith, "t", R"({"flag":true})", true},
    {"flag", Op::kContains, "als", R"({"flag":false})", true},
    {"_run_ml_inference", Op::kEquals, "true", R"({"_run_ml_inference":true})", true},
};

constexpr Row kAbsent[] = {
    {"url", Op::kEquals, "x", R"({"name":"a"})", false},
    {"url", Op::kEquals, "None", R"({"url":null})", false},
    {"url", Op::kContains, "o", R"({"url":null})", false},
    {"url", Op::kGreater, "5", R"({"url":null})", false},
    {"url", Op::kLess, "5", R"({"url":null})", false},
    {"url", Op::kRegex, "None", R"({"url":null})", false},
    {"url", Op::kRegex, ".+", R"({})", false},
    {"_", Op::kRegex, ".*x", R"({"name":"x"})", false},
    {"a", Op::kEquals, "x", R"({"a":{}})", false},
    {"a", Op::kContains, "b", R"({"a":{"b":"c"}})", false},
};

constexpr Row kLists[] = {
    {"ancestors", Op::kEquals, "/a", R"({"ancestors":["/a","/a/b"]})", true},
    {"ancestors", Op::kEquals, "/a/b", R"({"ancestors":["/a","/a/b"]})", true},
    {"ancestors", Op::kEquals, "/a/b/c", R"({"ancestors":["/a","/a/b"]})", false},
    {"ancestors", Op::kEndsWith, "/b", R"({"ancestors":["/a","/a/b"]})", true},
    {"ancestors", Op::kRegex, "/a/b$", R"({"ancestors":["/a","/a/b"]})", true},
    {"ancestors", Op::kEquals, "/a", R"({"ancestors":[]})", false},
    {"ancestors", Op::kContains, "[", R"({"ancestors":["/a"]})", false},
    {"sizes", Op::kGreater, "5", R"({"sizes":[1,2,7]})", true},
    {"sizes", Op::kGreater, "7", R"({"sizes":[1,2,7]})", false},
    {"mixed", Op::kEquals, "true", R"({"mixed":[null,1,"x",true]})", true},
};

constexpr Row kDotted[] = {
    {"a.b", Op::kEquals, "c", R"({"a":{"b":"c"}})", true},
    {"a.b", Op::kEquals, "c", R"({"a.b":"c"})", true},
    {"a.b", Op::kEquals, "c", R"({"a.b":"c","a":{"b":"d"}})", true},
    {"a.b.c", Op::kGreater, "4", R"({"a":{"b":{"c":5}}})", true},
    {"a.b.c", Op::kEquals, "5", R"({"a":{"b.c":5}})", true},
    {"a.b", Op::kEquals, "c", R"({"a":"b"})", false},
    {"a.x", Op::kEquals, "c", R"({"a":{"b":"c"}})", false},
    {".", Op::kEquals, "c", R"({"a":{"b":"c"}})", false},
    {"a.flag", Op::kEquals, "true", R"({"a":{"flag":true}})", true},
    {"a.list", Op::kEquals, "2", R"({"a":{"list":[1,2]}})", true},
};

bool Matches(const Row& row) {
  RuleSet rules;
  rules.basic.push_back({"1", Policy::kExclude, row.field, row.op, row.value, 0, {}, ""});
  const JsonDocument document(row.document);
  return RuleMatcher(rules).Decide(document.Fields()).rule.has_value();
}

template <std::size_t N>
void CheckRows(const Row (&rows)[N]) {
  for (const Row& row : rows) {
    CAPTURE(row.field);
    CAPTURE(ToString(row.op));
    CAPTURE(row.value);
    CAPTURE(row.document);
    CHECK(Matches(row) == row.matches);
  }
}

}  // namespace

TEST_CASE("texts are compared as they are") { CheckRows(kTexts); }
TEST_CASE("regular expressions begin at the start of the text") { CheckRows(kRegexes); }
TEST_CASE("numbers are compared as numbers") { CheckRows(kNumbers); }
TEST_CASE("dates are compared as dates") { CheckRows(kDates); }
TEST_CASE("booleans match") { CheckRows(kBooleans); }
TEST_CASE("what a document lacks matches nothing") { CheckRows(kAbsent); }
TEST_CASE("a list matches with any of its values") { CheckRows(kLists); }
TEST_CASE("dots lead into objects") { CheckRows(kDotted); }

TEST_CASE("the table has the rows that it should") {
  CHECK(std::size(kTexts) + std::size(kRegexes) + std::size(kNumbers) + std::size(kDates) +
            std::size(kBooleans) + std::size(kAbsent) + std::size(kLists) + std::size(kDotted) >=
        150);
}

}  // namespace dbxes::rules

// SPDX-License-Identifier: Apache-2.0
#include "rules/json_tree.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

namespace dbxes::rules {
namespace {

// "LINE:COLUMN POINTER MESSAGE" of the first finding, or "" if there is none.
std::string FirstFinding(std::string_view text) {
  JsonNode root;
  Findings findings;
  const LineIndex lines(text);
  ParseJsonTree(text, lines, root, findings);
  if (findings.Sorted().empty()) return "";
  const Finding& first = findings.Sorted().front();
  return fmt::format("{}:{} {} {}", first.place.line, first.place.column, first.pointer,
                     first.message);
}

TextPlace PlaceOfValue(std::string_view text, const char* key) {
  JsonNode root;
  Findings findings;
  const LineIndex lines(text);
  REQUIRE(ParseJsonTree(text, lines, root, findings));
  const JsonMember* member = root.Find(key);
  REQUIRE(member != nullptr);
  return lines.PlaceOf(member->value.offset);
}

}  // namespace

TEST_CASE("every value knows where it stands") {
  const std::string text = "{\n  \"a\": 1,\r\n\t\"b\" : \"é😀\", \"c\":[true , null],\n \"d\":{}}";
  JsonNode root;
  Findings findings;
  const LineIndex lines(text);
  REQUIRE(ParseJsonTree(text, lines, root, findings));
  const auto place = [&](const JsonNode& node) {
    const TextPlace at = lines.PlaceOf(node.offset);
    return fmt::format("{}:{}", at.line, at.column);
  };
  CHECK(place(root) == "1:1");
  CHECK(place(root.Find("a")->value) == "2:8");
  CHECK(place(root.Find("b")->value) == "3:8");
  CHECK(root.Find("b")->value.text == "é😀");
  // Columns count characters, not bytes.
  CHECK(place(root.Find("c")->value) == "3:18");
  CHECK(place(root.Find("c")->value.items[0]) == "3:19");
  CHECK(place(root.Find("c")->value.items[1]) == "3:26");
  CHECK(place(root.Find("d")->value) == "4:6");
  CHECK(lines.PlaceOf(root.Find("b")->key_offset).column == 2);
}

TEST_CASE("numbers keep the text that they were written with") {
  JsonNode root;
  Findings findings;
  const std::string text = "[1, -2.50e+3, 123456789012345678901234567890]";
  REQUIRE(ParseJsonTree(text, LineIndex(text), root, findings));
  CHECK(root.items[0].text == "1");
  CHECK(root.items[1].text == "-2.50e+3");
  CHECK(root.items[2].text == "123456789012345678901234567890");
}

TEST_CASE("invalid JSON is reported with its place") {
  CHECK(FirstFinding("") == "1:1  not JSON: the file is empty: no rules at all are []");
  CHECK(FirstFinding(" \n ") == "2:2  not JSON: the file is empty: no rules at all are []");
  CHECK(FirstFinding("[1,\n 2") == "2:3  not JSON: Missing a comma or ']' after an array element");
  CHECK(FirstFinding("[1,\n ,2]").substr(0, 4) == "2:2 ");
  CHECK(FirstFinding("{\"a\" 1}").substr(0, 4) == "1:6 ");
  CHECK(FirstFinding("[NaN]").substr(0, 4) == "1:2 ");
  CHECK(FirstFinding("[Infinity]").substr(0, 4) == "1:2 ");
  CHECK(FirstFinding("[1] [2]") == "1:5  not JSON: there is more after the end of the JSON value");
  CHECK(FirstFinding("[\"abc").substr(0, 4) == "1:6 ");
  CHECK(FirstFinding(R"(["\ud800"])") ==
        "1:3  not JSON: half a surrogate pair (\\ud800 to \\udfff) is no character");
  CHECK(FirstFinding(R"(["\udc00"])") != "");
  CHECK(FirstFinding("[\"\xff\"]").find("bytes that are not UTF-8") != std::string::npos);
  CHECK(FirstFinding(std::string_view("[1]\0[2]", 7)) == "1:4  not JSON: there is a zero byte");
  CHECK(FirstFinding("// no\n[]").substr(0, 4) == "1:1 ");
  CHECK(FirstFinding("[1,]").substr(0, 4) == "1:4 ");
}

TEST_CASE("a byte order mark is let pass and moves no column") {
  CHECK(FirstFinding("\xEF\xBB\xBF[]") == "");
  CHECK(FirstFinding("\xEF\xBB\xBF[x]").substr(0, 4) == "1:2 ");
  CHECK(PlaceOfValue("\xEF\xBB\xBF{\"a\":1}", "a").column == 6);
  CHECK(FirstFinding("\xFF\xFE[\0]").find("save it as UTF-8") != std::string::npos);
}

TEST_CASE("a repeated member is reported with its pointer") {
  CHECK(FirstFinding("{\"a\":[0,{\"b\":1,\n\"b\":2}]}") ==
        "2:1 /a/1/b the member \"b\" stands here a second time (first in line 1)");
  CHECK(FirstFinding(R"({"a":{"b":1},"c":{"b":1}})") == "");
  // Escapes are undone before keys are compared.
  CHECK(FirstFinding(R"({"a":1,"\u0061":2})") != "");
}

TEST_CASE("what is too deep or too much ends soon") {
  CHECK(FirstFinding(std::string(1'000'000, '[')).find("levels of brackets") != std::string::npos);
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += "{\"a\":";
  CHECK(FirstFinding(nested).find("levels of brackets") != std::string::npos);
  CHECK(FirstFinding(std::string(32, '[') + std::string(32, ']')) == "");
  std::string many = "[0";
  for (int i = 0; i < 600'000; ++i) many += ",0";
  CHECK(FirstFinding(many + "]").find("more than 500000 values") != std::string::npos);
}

TEST_CASE("pointers escape what separates their steps") {
  CHECK(PointerStep("a/b~c") == "/a~1b~0c");
}

TEST_CASE("a byte of a string leads back to the text") {
  const std::string text = R"("a\"\u00e9\ud83d\ude00é(")";
  // a, quote, two bytes, four bytes, two bytes, bracket
  CHECK(OffsetInString(text, 0, 0) == 1);
  CHECK(OffsetInString(text, 0, 1) == 2);
  CHECK(OffsetInString(text, 0, 2) == 4);
  CHECK(OffsetInString(text, 0, 4) == 10);
  CHECK(OffsetInString(text, 0, 8) == 22);
  CHECK(text[OffsetInString(text, 0, 10)] == '(');
  CHECK(OffsetInString(text, 0, 1000) == text.size());
}

}  // namespace dbxes::rules

// SPDX-License-Identifier: Apache-2.0
#include "base/json/json.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace dbxes {
namespace {

rapidjson::Document Parse(std::string_view text) {
  auto document = ParseJson(text, "the test");
  REQUIRE(document);
  return std::move(*document);
}

// "[0,0,0]"
std::string Zeros(std::size_t count) {
  std::string text(2 * count + 1, '0');
  for (std::size_t at = 0; at < text.size(); at += 2) text[at] = ',';
  text.front() = '[';
  text.back() = ']';
  return text;
}

}  // namespace

TEST_CASE("JSON of more values than any honest answer has is refused, however it is nested") {
  // The list is a value, too.
  CHECK(Parse(Zeros(kMostJsonValues - 1)).Size() == kMostJsonValues - 1);
  const std::string brackets(kMostJsonValues + 1, '[');
  std::string members = "{";
  while (members.size() < 5 * kMostJsonValues) members += R"("":0,)";
  for (const std::string& text : {Zeros(kMostJsonValues), brackets, members}) {
    const auto refused = ParseJson(text, "the test");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::kInternal);  // not requested again
    CHECK(refused.error().message == "the test has more than 4194304 values");
  }
}

TEST_CASE("absent, null and a wrong type give the same result") {
  const auto json = Parse(
      R"({"null":null,"text":"t","empty":"","number":7,"negative":-1,"big":18446744073709551615,
          "bigger":18446744073709551616,"real":1.5,"yes":true,"no":false,"list":[1],
          "object":{"a":1}})");
  CHECK(FindMember(json, "absent") == nullptr);
  CHECK(FindMember(json, "null") == nullptr);
  CHECK(FindMember(json, "object") != nullptr);

  CHECK(StringMember(json, "text") == "t");
  for (const char* key : {"absent", "null", "empty", "number", "yes", "list", "object"}) {
    CAPTURE(key);
    CHECK(StringMember(json, key).empty());
  }
  CHECK(UintMember(json, "number") == 7);
  CHECK(UintMember(json, "big") == ~std::uint64_t{0});
  for (const char* key : {"absent", "null", "text", "negative", "bigger", "real", "yes", "list"}) {
    CAPTURE(key);
    CHECK(UintMember(json, key) == std::nullopt);
  }
  for (const bool fallback : {false, true}) {
    CHECK(BoolMember(json, "yes", fallback));
    CHECK_FALSE(BoolMember(json, "no", fallback));
    for (const char* key : {"absent", "null", "text", "number", "list"}) {
      CAPTURE(key);
      CHECK(BoolMember(json, key, fallback) == fallback);
    }
  }
}

TEST_CASE("a lookup in anything but an object finds nothing") {
  for (const char* text : {"null", "7", "\"text\"", "true", R"([{"a":"b"}])"}) {
    CAPTURE(text);
    const auto json = Parse(text);
    CHECK(FindMember(json, "a") == nullptr);
    CHECK(StringMember(json, "a").empty());
    CHECK(UintMember(json, "a") == std::nullopt);
    CHECK(FindPath(json, {"a", "b"}) == nullptr);
  }
}

TEST_CASE("texts are those of a list or the one that is there instead") {
  const auto json =
      ParseJson(R"({"list": ["a", 1, null, ["b"], "c"], "one": "d", "number": 2})", "x");
  REQUIRE(json);
  using Texts = std::vector<std::string_view>;
  CHECK(TextsOf(FindMember(*json, "list")) == Texts{"a", "c"});
  CHECK(TextsOf(FindMember(*json, "one")) == Texts{"d"});
  CHECK(TextsOf(FindMember(*json, "number")).empty());
  CHECK(TextsOf(FindMember(*json, "absent")).empty());
}

TEST_CASE("a path is followed to its end or not at all") {
  const auto json = Parse(R"({"a":{"b":{"c":"deep"},"n":null,"s":"text"}})");
  REQUIRE(FindPath(json, {"a", "b", "c"}) != nullptr);
  CHECK(View(*FindPath(json, {"a", "b", "c"})) == "deep");
  CHECK(FindPath(json, {}) == &json);
  CHECK(FindPath(json, {"a", "n"}) == nullptr);
  CHECK(FindPath(json, {"a", "n", "c"}) == nullptr);
  CHECK(FindPath(json, {"a", "s", "c"}) == nullptr);
  CHECK(FindPath(json, {"b"}) == nullptr);
}

TEST_CASE("a key may hold any character, a zero byte too") {
  const auto json = Parse("{\"a\\u0000b\":\"zero\",\"a\":\"short\"}");
  CHECK(StringMember(json, std::string_view("a\0b", 3)) == "zero");
  CHECK(StringMember(json, "a") == "short");
}

TEST_CASE("an error of ParseJson names what, where and why") {
  const auto html = ParseJson("<html></html>", "Dropbox's account");
  REQUIRE_FALSE(html);
  CHECK(html.error().kind == ErrorKind::kTemporary);
  CHECK(html.error().message == "Dropbox's account is not JSON: Invalid value. (at byte 0 of 13)");
  for (const char* text : {"", " ", "{", "{}{}", "{\"a\":}", "[1,]", "nul", "\"\n\"", "{} x"}) {
    CAPTURE(text);
    const auto document = ParseJson(text, "it");
    REQUIRE_FALSE(document);
    CHECK(document.error().kind == ErrorKind::kTemporary);
  }
}

TEST_CASE("a bomb of brackets is an error and does not overflow the stack") {
  constexpr std::size_t kDepth = 2'000'000;
  for (const char* bracket : {"[", "{\"a\":"}) {
    std::string bomb;
    for (std::size_t i = 0; i < kDepth; ++i) bomb += bracket;
    CHECK_FALSE(ParseJson(bomb, "a bomb"));
  }
  // A closed one is JSON, and must be freed without recursion, too.
  std::string deep(kDepth, '[');
  deep.append(kDepth, ']');
  CHECK(ParseJson(deep, "a deep list"));
}

TEST_CASE("half a surrogate pair becomes the replacement character, and nothing else changes") {
  const std::pair<std::string, std::string> cases[] = {
      {R"(\ud83d\ude00)", R"(\ud83d\ude00)"},        // a pair
      {R"(\uD83D\uDE00x)", R"(\uD83D\uDE00x)"},      // a pair in capitals
      {R"(\ud800)", R"(\ufffd)"},                    // a high one alone
      {R"(\udc00)", R"(\ufffd)"},                    // a low one alone
      {R"(a\uDBFFb\uDFFFc)", R"(a\ufffdb\ufffdc)"},  // both, but not together
      {R"(\ude00\ud83d)", R"(\ufffd\ufffd)"},        // the wrong way round
      {R"(\ud800\ud83d\ude00)", R"(\ufffd\ud83d\ude00)"},
      {R"(\ud83d\ude00\ude00)", R"(\ud83d\ude00\ufffd)"},
      {R"(\ud800\n\udc00)", R"(\ufffd\n\ufffd)"},
      {R"(\\ud800)", R"(\\ud800)"},    // a backslash, then the text "ud800"
      {R"(\\\ud800)", R"(\\\ufffd)"},  // a backslash, then a lone one
      {R"(\ud7ff\ue000\u0041)", R"(\ud7ff\ue000\u0041)"},
      {R"(\ud8)", R"(\ud8)"},  // not even an escape
      {R"(\ud80g)", R"(\ud80g)"},
      {R"(\ud800\)", R"(\ufffd\)"},
      {R"(\)", R"(\)"},
      {"", ""},
  };
  for (const auto& [before, after] : cases) {
    const std::string shown(before);
    CAPTURE(shown);
    std::string text = before;
    ReplaceLoneSurrogates(text);
    CHECK(text == after);
  }
}

TEST_CASE("a name with half a surrogate pair does not hide other members") {
  const auto json =
      Parse(R"({"bad":"x\ud800y","low":"\udfff","good":"\ud83d\ude00","key\udc01":1})");
  CHECK(StringMember(json, "bad") == "x\xef\xbf\xbdy");
  CHECK(StringMember(json, "low") == "\xef\xbf\xbd");
  CHECK(StringMember(json, "good") == "\xf0\x9f\x98\x80");
  CHECK(UintMember(json, "key\xef\xbf\xbd") == 1);
}

TEST_CASE("written text is read back as it was") {
  const std::string awkward = "\"\\/\b\f\n\r\t\x01\x7f \xc3\xa9 \xf0\x9f\x98\x80 \xe2\x80\xa8" +
                              std::string(1, '\0') + "end";
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteKey(writer, awkward);
  WriteString(writer, awkward);
  writer.EndObject();
  CHECK(View(buffer).find('\n') == std::string_view::npos);
  const auto json = Parse(View(buffer));
  CHECK(StringMember(json, awkward) == awkward);
}

}  // namespace dbxes

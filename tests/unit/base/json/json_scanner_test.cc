// SPDX-License-Identifier: Apache-2.0
#include "base/json/json_scanner.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidjson/document.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "base/json/nested_json.h"

namespace dbxes {
namespace {

constexpr std::string_view kOther = "x";  // a number that is no uint64

// Reads a value and returns everything that a caller can learn of it as text.
std::string Show(JsonScanner& json) {
  std::string shown;
  if (json.NextIs('{')) {
    for (bool more = json.EnterObject(); more; more = json.NextMember()) {
      const std::string name(json.ReadName());
      shown += fmt::format("'{}':{},", name, Show(json));
    }
    return "{" + shown + "}";
  }
  if (json.NextIs('[')) {
    for (bool more = json.EnterList(); more; more = json.NextElement()) shown += Show(json) + ",";
    return "[" + shown + "]";
  }
  if (json.NextIs('"')) {
    std::string_view text;
    json.Read(text);
    return fmt::format("'{}'", text);
  }
  if (json.NextIs('t') || json.NextIs('f')) {
    bool truth = false;
    json.Read(truth);
    return truth ? "true" : "false";
  }
  const bool null = json.NextIs('n');
  std::uint64_t number = 4711;
  json.Read(number);
  return null ? "null" : number == 4711 ? std::string(kOther) : fmt::format("{}", number);
}

std::string Show(const rapidjson::Value& value) {
  std::string shown;
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      shown += fmt::format("'{}':{},", View(member.name), Show(member.value));
    }
    return "{" + shown + "}";
  }
  if (value.IsArray()) {
    for (const auto& element : value.GetArray()) shown += Show(element) + ",";
    return "[" + shown + "]";
  }
  if (value.IsString()) return fmt::format("'{}'", View(value));
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  if (value.IsNull()) return "null";
  return value.IsUint64() ? fmt::format("{}", value.GetUint64()) : std::string(kOther);
}

// Returns what the text contains, or "error".
std::string Scan(std::string text) {
  const std::string before = text;
  std::string shown;
  {
    JsonScanner json(text);
    shown = Show(json);
    json.Finish();
    if (json.failed()) shown = "error";
  }
  CHECK(text.size() == before.size());
  return shown;
}

// Steps over a whole document and returns its first error.
std::pair<rapidjson::ParseErrorCode, std::size_t> MistakeIn(std::string text) {
  JsonScanner json(text);
  json.Skip();
  json.Finish();
  return {json.error(), json.error_offset()};
}

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t Below(std::size_t end) { return random_() % end; }
  template <std::size_t N>
  std::string_view OneOf(const std::string_view (&choices)[N]) {
    return choices[Below(N)];
  }

  std::string Blank() {
    static constexpr std::string_view kBlanks[] = {"", "", "", " ", "\n", "\r\n\t "};
    return std::string(OneOf(kBlanks));
  }
  std::string String() {
    static constexpr std::string_view kPieces[] = {"a",
                                                   "Lease of a house",
                                                   "0123456789abcdef0123456789abcdef",
                                                   "\xc3\xa9",
                                                   "\xf0\x9f\x98\x80",
                                                   R"(\")",
                                                   R"(\\)",
                                                   R"(\/)",
                                                   R"(\b\f\n\r\t)",
                                                   R"(\u00e9)",
                                                   R"(\uD83D\uDE00)",
                                                   R"(\u20ac)",
                                                   R"(\ud800)",
                                                   R"(\udc00\ud83d)",
                                                   R"(\ud83d\ud83d\ude00)",
                                                   R"(\\ud800)",
                                                   R"(\u0000\u001f)",
                                                   "/",
                                                   "\x7f",
                                                   R"(\ud800\\\ud800)",
                                                   "0123456789abcde"};
    std::string text = "\"";
    for (std::size_t count = Below(5); count > 0; --count) text += OneOf(kPieces);
    return text + "\"";
  }
  std::string Value(int depth) {
    static constexpr std::string_view kPlain[] = {"true",
                                                  "false",
                                                  "null",
                                                  "0",
                                                  "1",
                                                  "18446744073709551615",
                                                  "18446744073709551616",
                                                  "-1",
                                                  "4294967296",
                                                  "1.5",
                                                  "1e3",
                                                  "-2E-7",
                                                  "0.25e+2"};
    const std::size_t kind = Below(depth > 0 ? 4 : 2);
    if (kind == 0) return Blank() + std::string(OneOf(kPlain)) + Blank();
    if (kind == 1) return Blank() + String() + Blank();
    std::string text;
    for (std::size_t count = Below(4); count > 0; --count) {
      if (!text.empty()) text += ",";
      if (kind == 2) text += Blank() + String() + Blank() + ":";
      text += Value(depth - 1);
    }
    if (text.empty()) text = Blank();
    return Blank() + (kind == 2 ? "{" + text + "}" : "[" + text + "]") + Blank();
  }
  void Damage(std::string& text) {
    static constexpr std::string_view kBytes = "\"\\{}[],:019.eE+-utfnlr \nd8cDx\x80\x01";
    const std::size_t at = Below(text.size());
    const char byte = kBytes[Below(kBytes.size())];
    switch (Below(3)) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.insert(at, 1, byte);
        break;
      default:
        text.erase(at, 1 + Below(3));
    }
  }

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("any text is read as RapidJSON reads it") {
  Generator generator(7);
  int documents = 0;
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = generator.Value(4);
    for (int damages = 0; damages < 6 && !text.empty(); ++damages) {
      std::string valid = text;
      ReplaceLoneSurrogates(valid);
      rapidjson::Document document;
      document.Parse(valid.data(), valid.size());
      // RapidJSON reads minus zero as a whole number, and rejects numbers that no double can hold.
      const bool own_ways = text.find("-0") != std::string::npos ||
                            document.GetParseError() == rapidjson::kParseErrorNumberTooBig;
      if (!own_ways) {
        CAPTURE(text);
        const std::string expected = document.HasParseError() ? "error" : Show(document);
        REQUIRE(Scan(text) == expected);
        ++documents;
        refused += expected == "error" ? 1 : 0;
      }
      generator.Damage(text);
    }
  }
  CHECK(documents > 20'000);
  CHECK(refused > documents / 4);
  CHECK(refused < documents * 3 / 4);
}

TEST_CASE("strings end at the right byte, at every offset of a block") {
  const std::string letters(70, 'a');
  for (std::size_t before = 0; before < letters.size(); ++before) {
    for (const std::size_t behind : {0, 1, 15, 16, 17, 40}) {
      const std::string head = letters.substr(0, before);
      const std::string tail = letters.substr(0, behind);
      CAPTURE(before);
      CAPTURE(behind);
      CHECK(Scan("\"" + head + "\"") == "'" + head + "'");
      CHECK(Scan("\"" + head + "\\n" + tail + "\"") == "'" + head + "\n" + tail + "'");
      CHECK(Scan("\"" + head + "\\u00e9" + tail + "\\\\\"") ==
            "'" + head + "\xc3\xa9" + tail + "\\'");
      CHECK(Scan("\"" + head + "\x1f" + tail + "\"") == "error");
      CHECK(Scan("\"" + head + std::string(1, '\0') + tail + "\"") == "error");
      CHECK(Scan("\"" + head) == "error");
    }
  }
}

TEST_CASE("an error has a code and an offset") {
  struct Row {
    std::string_view text;
    rapidjson::ParseErrorCode error;
    std::size_t offset;
  };
  const Row rows[] = {
      {"", rapidjson::kParseErrorDocumentEmpty, 0},
      {" \n", rapidjson::kParseErrorDocumentEmpty, 2},
      {"<html>", rapidjson::kParseErrorValueInvalid, 0},
      {"{} {}", rapidjson::kParseErrorDocumentRootNotSingular, 3},
      {std::string_view("{}\0{}", 5), rapidjson::kParseErrorDocumentRootNotSingular, 2},
      {"{1:2}", rapidjson::kParseErrorObjectMissName, 1},
      {R"({"a":1,})", rapidjson::kParseErrorObjectMissName, 7},
      {R"({"a" 1})", rapidjson::kParseErrorObjectMissColon, 5},
      {R"({"a":1 "b":2})", rapidjson::kParseErrorObjectMissCommaOrCurlyBracket, 7},
      {"[1 2]", rapidjson::kParseErrorArrayMissCommaOrSquareBracket, 3},
      {"[1,]", rapidjson::kParseErrorValueInvalid, 3},
      {"[tru]", rapidjson::kParseErrorValueInvalid, 1},
      {"[nul", rapidjson::kParseErrorValueInvalid, 1},
      {R"(["a)", rapidjson::kParseErrorStringMissQuotationMark, 3},
      {R"(["\q"])", rapidjson::kParseErrorStringEscapeInvalid, 2},
      {R"(["\u12g4"])", rapidjson::kParseErrorStringUnicodeEscapeInvalidHex, 2},
      {R"(["\u12)", rapidjson::kParseErrorStringUnicodeEscapeInvalidHex, 2},
      {"[1.]", rapidjson::kParseErrorNumberMissFraction, 3},
      {"[1e]", rapidjson::kParseErrorNumberMissExponent, 3},
      {"[01]", rapidjson::kParseErrorArrayMissCommaOrSquareBracket, 2},
      {"[-]", rapidjson::kParseErrorValueInvalid, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.text));
    const auto [error, offset] = MistakeIn(std::string(row.text));
    CHECK(error == row.error);
    CHECK(offset == row.offset);
  }
  CHECK(MistakeIn(R"( {"a":[1,{"b":null}]} )").first == rapidjson::kParseErrorNone);
}

TEST_CASE("deep nesting is an error, many values side by side are not") {
  constexpr int kMost = JsonScanner::kMostNested;
  CHECK(MistakeIn(Nested(kMost, "[", "]")).first == rapidjson::kParseErrorNone);
  CHECK(MistakeIn(Nested(kMost, R"({"a":)", "}")).first == rapidjson::kParseErrorNone);
  CHECK(MistakeIn(Nested(kMost + 1, "[", "]")).first == rapidjson::kParseErrorTermination);
  CHECK(MistakeIn(Nested(kMost + 1, R"({"a":)", "}")).first == rapidjson::kParseErrorTermination);
  CHECK(MistakeIn(Nested(1'000'000, "[", "]")).first == rapidjson::kParseErrorTermination);
  std::string many = "[";
  for (int i = 0; i < 10 * kMost; ++i) many += R"([],{},)";
  CHECK(MistakeIn(many + "1]").first == rapidjson::kParseErrorNone);
}

TEST_CASE("a value of another type leaves the variable unchanged") {
  for (const std::string value : {"null", "[1]", R"({"a":1})", "-1", "1.5"}) {
    CAPTURE(value);
    std::string text = "[" + value + "," + value + "," + value + ",7]";
    JsonScanner json(text);
    REQUIRE(json.EnterList());
    std::string_view string = "before";
    json.Read(string);
    CHECK(string == "before");
    REQUIRE(json.NextElement());
    bool truth = true;
    json.Read(truth);
    CHECK(truth);
    REQUIRE(json.NextElement());
    std::uint64_t number = 5;
    json.Read(number);
    CHECK(number == 5);
    REQUIRE(json.NextElement());
    json.Read(number);
    CHECK(number == 7);
    CHECK_FALSE(json.NextElement());
    json.Finish();
    CHECK_FALSE(json.failed());
  }
}

TEST_CASE("a signed number is read, a fraction or one that does not fit is not") {
  std::string text = "[7,-7,-9223372036854775808,9223372036854775808,-1.5,true]";
  JsonScanner json(text);
  std::vector<std::int64_t> numbers;
  for (bool more = json.EnterList(); more; more = json.NextElement()) {
    json.Read(numbers.emplace_back(5));
  }
  CHECK(numbers == std::vector<std::int64_t>{7, -7, INT64_MIN, 5, 5, 5});
  json.Finish();
  CHECK_FALSE(json.failed());
}

TEST_CASE("a literal is returned as its text") {
  std::string text = "[ -9223372036854775808 , 1.50e+3,null,true,?]";
  JsonScanner json(text);
  std::vector<std::string> literals;
  for (bool more = json.EnterList(); more; more = json.NextElement()) {
    literals.emplace_back(json.ReadLiteral());
  }
  CHECK(literals ==
        std::vector<std::string>{"-9223372036854775808", "1.50e+3", "null", "true", ""});
  CHECK(json.failed());
}

TEST_CASE("an error as text names the reason, the byte and the size") {
  std::string text = "<html>";
  JsonScanner json(text);
  json.Skip();
  CHECK(json.ErrorText() == "not JSON: Invalid value. (at byte 0 of 6)");
}

TEST_CASE("a name is taken only if it is the whole name, of any length") {
  const JsonName names[] = {"a",
                            "rev",
                            "size",
                            "path_lower",
                            "is_downloadable",   // with its quote a block
                            "0123456789abcdef",  // a block by itself
                            "0123456789abcdefg",
                            "has_explicit_shared_members",
                            "0123456789abcdef0123456789abcde"};
  for (const JsonName& name : names) {
    const std::string exact(name.view());
    CAPTURE(exact);
    const auto taken = [&](const std::string& other) {
      std::string text = "{\"" + other + "\" : 7}";
      JsonScanner json(text);
      REQUIRE(json.EnterObject());
      const bool took = json.TakeName(name);
      if (!took) CHECK(json.ReadName() == other);  // it has not moved
      std::uint64_t number = 0;
      json.Read(number);
      CHECK(number == 7);
      CHECK_FALSE(json.NextMember());
      CHECK_FALSE(json.failed());
      return took;
    };
    CHECK(taken(exact));
    CHECK_FALSE(taken(exact + "x"));
    CHECK_FALSE(taken(exact.substr(0, exact.size() - 1)));
    CHECK_FALSE(taken(""));
    for (std::size_t at = 0; at < exact.size(); ++at) {
      std::string other = exact;
      other[at] = '!';
      CHECK_FALSE(taken(other));
    }
  }
}

TEST_CASE("a name that is cut short is not read past the text") {
  const JsonName name("has_explicit_shared_members");
  const std::string whole = "{\"" + std::string(name.view()) + "\":true}";
  for (std::size_t length = 2; length < whole.size(); ++length) {
    std::string text = whole.substr(0, length);
    text.shrink_to_fit();
    JsonScanner json(text);
    REQUIRE(json.EnterObject());
    if (!json.TakeName(name)) json.ReadName();
    json.Skip();
    CHECK_FALSE(json.NextMember());
    CHECK(json.failed());
  }
}

TEST_CASE("a name without a colon is an error, known or not") {
  for (const std::string_view name : {"rev", "other"}) {
    std::string text = fmt::format(R"({{"{}" 7}})", name);
    JsonScanner json(text);
    REQUIRE(json.EnterObject());
    if (!json.TakeName("rev")) json.ReadName();
    CHECK_FALSE(json.NextMember());
    CHECK(json.error() == rapidjson::kParseErrorObjectMissColon);
  }
}

TEST_CASE("after an error nothing more is read") {
  std::string text = R"({"a":?,"b":"c","d":[1,2]})";
  JsonScanner json(text);
  int members = 0;
  for (bool more = json.EnterObject(); more; more = json.NextMember()) {
    ++members;
    json.ReadName();
    json.Skip();
  }
  CHECK(members == 1);
  std::string_view string = "before";
  json.Read(string);
  CHECK(string == "before");
  CHECK_FALSE(json.EnterObject());
  CHECK_FALSE(json.EnterList());
  CHECK_FALSE(json.NextElement());
  json.Finish();
  CHECK(json.error() == rapidjson::kParseErrorValueInvalid);
  CHECK(json.error_offset() == 5);
}

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
#include "base/json/json_in_place.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "base/json/nested_json.h"

namespace dbxes {
namespace {

// Writes down what it is told, in one letter each.
struct Recorder {
  bool Null() { return Add("n"); }
  bool Bool(bool value) { return Add(value ? "t" : "f"); }
  bool Int(int) { return Add("i"); }
  bool Uint(unsigned) { return Add("u"); }
  bool Int64(std::int64_t) { return Add("I"); }
  bool Uint64(std::uint64_t) { return Add("U"); }
  bool Double(double) { return Add("d"); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return Add("r"); }
  bool String(const char* value, rapidjson::SizeType length, bool) {
    return Add("'" + std::string(value, length) + "'");
  }
  bool Key(const char* name, rapidjson::SizeType length, bool) {
    return Add(std::string(name, length) + ":");
  }
  bool StartObject() { return Add("{"); }
  bool EndObject(rapidjson::SizeType members) { return Add(std::to_string(members) + "}"); }
  bool StartArray() { return Add("["); }
  bool EndArray(rapidjson::SizeType elements) { return Add(std::to_string(elements) + "]"); }
  bool Add(std::string_view token) {
    text += token;
    return true;
  }
  std::string text;
};

bool Parses(std::string text) {
  Recorder recorder;
  return !ParseInPlace(text, recorder).IsError();
}

}  // namespace

TEST_CASE("a handler hears everything, with strings unescaped") {
  std::string text =
      R"({"a":[null,true,false,-1,1,-5000000000,5000000000,1.5],"b\n":{"c":"x\u00e9"},"d":[]})";
  Recorder recorder;
  REQUIRE_FALSE(ParseInPlace(text, recorder).IsError());
  CHECK(recorder.text == "{a:[ntfiuIUd8]b\n:{c:'x\xc3\xa9'1}d:[0]3}");
}

TEST_CASE("strings end where they end, at every place of a block") {
  const std::string letters(40, 'a');
  for (std::size_t before = 0; before < letters.size(); ++before) {
    CAPTURE(before);
    const std::string head = letters.substr(0, before);
    std::string text = "[\"" + head + "\",\"" + head + "\\n" + letters + "\\u00e9\"]";
    Recorder recorder;
    REQUIRE_FALSE(ParseInPlace(text, recorder).IsError());
    CHECK(recorder.text == "['" + head + "''" + head + "\n" + letters + "\xc3\xa9'2]");
    CHECK_FALSE(Parses("\"" + head));
    for (char control = 1; control < 0x20; ++control) {
      CHECK_FALSE(Parses("\"" + head + control + letters + "\""));
    }
  }
}

TEST_CASE("what is nested deeper than any answer is refused, and side by side it is not") {
  constexpr int kMost = ShallowHandler<Recorder>::kMostNested;
  CHECK(Parses(Nested(kMost, "[", "]")));
  CHECK(Parses(Nested(kMost, R"({"a":)", "}")));
  CHECK_FALSE(Parses(Nested(kMost + 1, "[", "]")));
  CHECK_FALSE(Parses(Nested(kMost + 1, R"({"a":)", "}")));
  CHECK_FALSE(Parses(Nested(1'000'000, "[", "]")));
  std::string many = "[";
  for (int i = 0; i < 10 * kMost; ++i) many += R"([],{},)";
  CHECK(Parses(many + "1]"));
}

TEST_CASE("nothing may follow") {
  CHECK(Parses("{} \n"));
  CHECK_FALSE(Parses("{}{}"));
  CHECK_FALSE(Parses(std::string("{}\0{}", 5)));
}

}  // namespace dbxes

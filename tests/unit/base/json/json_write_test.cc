// SPDX-License-Identifier: Apache-2.0
#include "base/json/json_write.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace dbxes {
namespace {

template <class Write>
std::string Object(const Write& write) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  write(writer);
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace

TEST_CASE("members have their key and the sign of their number") {
  CHECK(Object([](JsonWriter& writer) {
          WriteText(writer, "text", "a\x1b");
          WriteNumber(writer, "least", std::numeric_limits<std::int64_t>::min());
          WriteNumber(writer, "most", std::numeric_limits<std::uint64_t>::max());
          WriteNumber(writer, "code", 3);
          WriteFlag(writer, "flag", true);
          WriteRaw(writer, "raw", R"({"a":[]})");
          WriteTexts(writer, "texts", std::vector<std::string>{"a", "b"});
          WriteTexts(writer, "none", std::vector<std::string>());
        }) == R"({"text":"a\u001B","least":-9223372036854775808,"most":18446744073709551615,)"
              R"("code":3,"flag":true,"raw":{"a":[]},"texts":["a","b"],"none":[]})");
}

TEST_CASE("a text is UTF-8 whatever it was, and what has to come back stays as it was") {
  const std::string bytes = "/a\x9b";
  CHECK(Object([&](JsonWriter& writer) {
          WriteText(writer, "text", bytes);
          WriteTexts(writer, "texts", std::vector<std::string>{bytes});
          WriteExactly(writer, "bytes", bytes);
        }) == "{\"text\":\"/a\xEF\xBF\xBD\",\"texts\":[\"/a\xEF\xBF\xBD\"],\"bytes\":\"/a\x9b\"}");
}

TEST_CASE("a value becomes its text again") {
  const auto json = ParseJson(R"({"a":[1,{"b":null}]})", "it");
  REQUIRE(json);
  CHECK(JsonOf(*json) == R"({"a":[1,{"b":null}]})");
  CHECK(JsonOf((*json)["a"]) == R"([1,{"b":null}])");
}

TEST_CASE("control characters are escaped in a text and a key of any length") {
  for (char control = 0; control < 0x20; ++control) {
    for (std::size_t length = 1; length <= 64; ++length) {
      std::string text(length, 'x');
      text[length / 2] = control;
      rapidjson::Document document;
      document.SetObject();
      document.AddMember(rapidjson::Value(text, document.GetAllocator()),
                         rapidjson::Value(text, document.GetAllocator()), document.GetAllocator());
      const std::string json = JsonOf(document);
      CHECK(std::none_of(json.begin(), json.end(), [](char c) { return c >= 0 && c < 0x20; }));
      const auto again = ParseJson(json, "it");
      REQUIRE(again);
      CHECK(StringMember(*again, text) == text);
    }
  }
}

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
#include "base/json/json_text.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>
#include <string>

namespace dbxes {
namespace {

// RFC 8259, section 7, a byte at a time.
std::string Reference(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const std::size_t named = std::string_view("\b\t\n\f\r\"\\").find(c);
    if (named != std::string_view::npos) {
      json += {'\\', "btnfr\"\\"[named]};
    } else if (byte < 0x20) {
      json += fmt::format("\\u{:04X}", byte);
    } else {
      json += c;
    }
  }
  return json + '"';
}

void CheckString(const std::string& text) {
  CAPTURE(text);
  std::string out = "before ";
  AppendJsonString(text, out);
  CHECK(out == "before " + Reference(text));
  JsonBuffer buffer;
  AppendJsonString(text, buffer);
  CHECK(View(buffer) == Reference(text));
  JsonBuffer list;
  JsonWriter writer(list);
  writer.StartArray();
  WriteString(writer, text);
  WriteString(writer, text);
  writer.EndArray();
  CHECK(View(list) == "[" + Reference(text) + "," + Reference(text) + "]");
}

}  // namespace

TEST_CASE("every byte is written as JSON requires") {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::size_t before : {0, 1, 15, 16, 17, 31, 32, 40}) {
      std::string text(before, 'x');
      text += static_cast<char>(byte);
      CheckString(text);
      CheckString(text + "tail");
      CheckString(text + std::string(20, 'y') + static_cast<char>(byte));
    }
  }
}

TEST_CASE("random strings are written as JSON requires") {
  std::mt19937 random(7);
  const std::string alphabet = std::string("ab\xc3\xa9\"\\\n\t\r\b\f\v /") + '\0' + '\x1f' + '\x7f';
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 150, 'a');
    for (char& c : text) {
      if (random() % 8 == 0) c = alphabet[random() % alphabet.size()];
    }
    CheckString(text);
  }
}

TEST_CASE("members are set apart by commas, one object after another") {
  JsonBuffer buffer;
  ObjectWriter writer(buffer);
  writer.StartObject();
  writer.String("a", "x\"y");
  writer.Raw("none", "[]");
  writer.Raw("begun", R"("1)");
  buffer.Put('"');
  writer.Uint64("n", ~std::uint64_t{0});
  writer.Bool("yes", true);
  writer.Bool("no", false);
  writer.StartObject();
  writer.Uint64("zero", 0);
  CHECK(View(buffer) ==
        R"({"a":"x\"y","none":[],"begun":"1","n":18446744073709551615,"yes":true,"no":false)"
        R"({"zero":0)");
}

}  // namespace dbxes

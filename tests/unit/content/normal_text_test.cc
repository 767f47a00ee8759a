// SPDX-License-Identifier: Apache-2.0
#include "content/normal_text.h"

#include <doctest/doctest.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/utf8.h"

namespace dbxes::content {
namespace {

std::string Normal(std::string text) {
  NormalizeText(text);
  return text;
}

std::string Character(char32_t point) {
  std::string text;
  AppendUtf8(point, text);
  return text;
}

// By the library alone, of the whole text.
std::string Composed(const std::string& text) {
  utf8proc_uint8_t* made = utf8proc_NFC(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str()));
  const std::string result(reinterpret_cast<const char*>(made));
  std::free(made);
  return result;
}

std::vector<utf8proc_int32_t> Decomposed(const std::string& text) {
  std::vector<utf8proc_int32_t> points(text.size() * 4);
  const auto count =
      utf8proc_decompose(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), points.data(),
                         static_cast<utf8proc_ssize_t>(points.size()),
                         static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE));
  REQUIRE(count >= 0);
  points.resize(static_cast<std::size_t>(count));
  return points;
}

int LongestRunOfMarks(const std::vector<utf8proc_int32_t>& points) {
  int run = 0;
  int longest = 0;
  for (const utf8proc_int32_t point : points) {
    run = utf8proc_get_property(point)->combining_class != 0 ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

TEST_CASE("text that needs nothing stays as it is") {
  for (const std::string text :
       {"", "plain", "Größe, café", "Договор", "会議 한국어", "\U0001f600 ok", "ﷺ"}) {
    CHECK(Normal(text) == text);
  }
}

TEST_CASE("letters and their accents become one character") {
  CHECK(Normal("Mu\u0308nchen, Que\u0301bec") == "M\u00fcnchen, Qu\u00e9bec");
  CHECK(Normal("\u0418\u0306") == "\u0419");
  CHECK(Normal("\u304b\u3099") == "\u304c");
  CHECK(Normal("\u1112\u1161\u11ab") == "\ud55c");
  // In any order, and with what cannot be composed.
  CHECK(Normal("a\u0301\u0323") == "\u1ea1\u0301");
  CHECK(Normal("\u0301x") == "\u0301x");
  CHECK(Normal("\u212b \u2126") == "\u00c5 \u03a9");
}

TEST_CASE("ligatures and presentation forms become ordinary letters") {
  CHECK(Normal("the \ufb01nal o\ufb03ce") == "the final office");
  CHECK(Normal("\ufee3\ufeae\ufea3\ufe92\ufe8e") == "\u0645\u0631\u062d\u0628\u0627");
  CHECK(Normal("\ufdf2") == "\u0627\u0644\u0644\u0647");
}

TEST_CASE("what nobody sees is removed, and glues no words") {
  CHECK(Normal("Daten\u00adbank") == "Datenbank");
  CHECK(Normal("a\u200eb\u061c") == "ab");
  CHECK(Normal("\u202bשלום עולם\u202c\nx") == "שלום עולם\nx");
  CHECK(Normal("\u202b עברית\u202cinside") == " עברית inside");
  CHECK(Normal("\u2066x\u2069") == "x");
  CHECK(Normal("e\u200e\u0301") == "\u00e9");
  CHECK(Normal(std::string("e\0\u0301", 4)) == "\u00e9");
}

TEST_CASE("more accents in a row than any language has are cut off") {
  std::string many = "a";
  for (int i = 0; i < 100'000; ++i) many += i % 2 == 0 ? "\u0323" : "\u0301";
  const std::string normal = Normal(many);
  CHECK(normal.size() < 100);
  CHECK(Normal(normal) == normal);
}

// Marks are sorted in quadratic time. Some characters that are no marks consist of them.
TEST_CASE("no character makes a long run of marks") {
  std::vector<char32_t> wrong;
  for (char32_t point = 0xa0; point < 0x30000; ++point) {
    const bool half = point >= 0xd800 && point <= 0xdfff;
    if (half || Decomposed(Character(point)) == std::vector{static_cast<utf8proc_int32_t>(point)})
      continue;
    std::string many = "a";
    for (int i = 0; i < 40; ++i) many += Character(point);
    if (LongestRunOfMarks(Decomposed(Normal(many))) > 30) wrong.push_back(point);
  }
  CHECK(wrong == std::vector<char32_t>());
  CHECK(Normal("a\u0f73\u0f73") == "a\u0f71\u0f71\u0f72\u0f72");
}

// The table of characters that need a look is made by hand; here it meets the library's.
TEST_CASE("no character that the library composes or changes is overlooked") {
  std::size_t wrong = 0;
  for (char32_t point = 0xa0; point < 0x30000; ++point) {
    const bool letter = (point < 0xd800 || point > 0xdfff) && point != 0xfeff;
    const bool changed =
        (point >= 0xfb00 && point <= 0xfdff) || (point >= 0xfe70 && point <= 0xfefc);
    const bool removed = Normal(Character(point)).empty();
    if (!letter || changed || removed) continue;
    if (Normal(Character(point)) != Composed(Character(point))) ++wrong;
    // Decomposed into its two halves, as another program would write it.
    utf8proc_int32_t halves[8];
    const auto length = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(point), halves, 8,
                                                UTF8PROC_STABLE, nullptr);
    std::string text;
    for (utf8proc_ssize_t i = 0; i < length; ++i) {
      AppendUtf8(static_cast<char32_t>(halves[i]), text);
    }
    if (Normal(text) != Composed(text)) ++wrong;
  }
  CHECK(wrong == 0);
}

}  // namespace dbxes::content

// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes {

TEST_CASE("text that is not UTF-8 is detected") {
  const std::string bad[] = {"\x80",
                             "\xc3",
                             "\xc0\x80",
                             "\xe0\x80\x80",
                             "\xed\xa0\x80",
                             "\xf4\x90\x80\x80",
                             "\xf5\x80\x80\x80",
                             "a\xff"};
  for (const std::string& text : bad) CHECK_FALSE(IsUtf8(text));
  for (const std::string text : {"", "a", "\u00e9", "\u20ac", "\U0001f600", "\uffff"}) {
    CHECK(IsUtf8(text));
  }
}

TEST_CASE("characters are written as they are read") {
  for (const char32_t character :
       {U'a', U'\u0080', U'\u07ff', U'\u0800', U'\uffff', U'\U00010000', U'\U0010ffff'}) {
    std::string text;
    AppendUtf8(character, text);
    CHECK(IsUtf8(text));
    CHECK(Utf8Length(text, 0) == text.size());
  }
  std::string text;
  AppendUtf8(U'\u20ac', text);
  CHECK(text == "\u20ac");
  text.clear();
  AppendUtf8(0xd800, text);
  AppendUtf8(0x110000, text);
  CHECK(text == "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("a text is cut between two characters") {
  CHECK(CutUtf8("abc", 3) == "abc");
  CHECK(CutUtf8("abc", 2) == "ab");
  CHECK(CutUtf8("abc", 0).empty());
  const std::string text = "a\u20acb";
  CHECK(CutUtf8(text, 1) == "a");
  CHECK(CutUtf8(text, 2) == "a");
  CHECK(CutUtf8(text, 3) == "a");
  CHECK(CutUtf8(text, 4) == "a\u20ac");
  CHECK(CutUtf8(text, 5) == text);
  CHECK(CutUtf8("\U0001f600", 3).empty());
}

TEST_CASE("characters are counted, not bytes") {
  CHECK(CountCharacters("") == 0);
  CHECK(CountCharacters("abc") == 3);
  CHECK(CountCharacters("a\u20ac\U0001f600") == 3);
}

}  // namespace dbxes

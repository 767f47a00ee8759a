// SPDX-License-Identifier: Apache-2.0
#include "base/safe_text.h"

#include <doctest/doctest.h>

namespace dbxes {

TEST_CASE("control characters cannot drive a terminal or forge a line") {
  CHECK(Printable("plain, büro \\ \xF0\x9F\x98\x80") == "plain, büro \\ \xF0\x9F\x98\x80");
  CHECK(Printable("a\nb\r\t\x1b[2J\x7f") == "a\\x0ab\\x0d\\x09\\x1b[2J\\x7f");
  CHECK(Printable("\xC2\x9B"
                  "2J") == "\\x9b2J");
  CHECK(Printable("\xC2\xA0") == "\xC2\xA0");
  CHECK(Printable(std::string_view("\0", 1)) == "\\x00");
  // Where a terminal does not expect UTF-8, a single byte controls it, too.
  CHECK(Printable("\x9b"
                  "2J\xff") == "\\x9b2J\\xff");
  CHECK(Printable("\xE2\x82") == "\\xe2\\x82");
  CHECK(Printable("\xC0\x9B\xED\xA0\x80") == "\\xc0\\x9b\\xed\\xa0\\x80");
}

TEST_CASE("bytes that are no UTF-8 are replaced, the others stay") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(WellFormedUtf8("a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80z") ==
        "a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80z");
  CHECK(WellFormedUtf8("a\xFCz") == "a" + bad + "z");
  CHECK(WellFormedUtf8("\xC0\xAF") == bad + bad);                      // overlong
  CHECK(WellFormedUtf8("\xE0\x80\x80") == bad + bad + bad);            // overlong
  CHECK(WellFormedUtf8("\xED\xA0\x80") == bad + bad + bad);            // a surrogate
  CHECK(WellFormedUtf8("\xF4\x90\x80\x80") == bad + bad + bad + bad);  // beyond U+10FFFF
  CHECK(WellFormedUtf8("\xF0\x80\x80\x80") == bad + bad + bad + bad);
  CHECK(WellFormedUtf8("\xE2\x82") == bad + bad);  // cut off
  CHECK(WellFormedUtf8("\xF4\x8F\xBF\xBF\xED\x9F\xBF") == "\xF4\x8F\xBF\xBF\xED\x9F\xBF");
  CHECK(WellFormedUtf8("") == "");
}

TEST_CASE("what would show a name as another one is escaped") {
  CHECK(Printable("gnp.\u202eexe") == "gnp.\\u202eexe");
  CHECK(Printable("a\u2028b\u2029c") == "a\\u2028b\\u2029c");
  CHECK(Printable("\u2066a\u2069 \u200f \u061c") == "\\u2066a\\u2069 \\u200f \\u061c");
  CHECK(Printable("\xc2\x9b") == "\\x9b");
  // Names of people: joiners and marks stay.
  for (const char* name : {"caf\u00e9", "\u0645\u0631\u062d\u0628\u0627", "\u200d\u2026",
                           "\U0001f469\u200d\U0001f680"}) {
    CHECK(Printable(name) == name);
    CHECK(SafeJson(name) == name);
  }
}

TEST_CASE("JSON stays the same for what reads it, and prints as nothing else") {
  CHECK(SafeJson("{\"path\":\"/gnp.\u202eexe\u2028\xc2\x9b\x7f\"}") ==
        "{\"path\":\"/gnp.\\u202eexe\\u2028\\u009b\\u007f\"}");
  CHECK(SafeJson("") == "");
  CHECK(SafeJson("\xe2\x80") == "\xe2\x80");  // cut, and no more than copied
}

TEST_CASE("a text of others begins no line of ours") {
  CHECK(InOneLine("a\r\nb\tc\x7f") == "a  b c ");
  CHECK(InOneLine("b\u00fcro") == "b\u00fcro");
  CHECK(InOneLine("abcdef", 6) == "abcdef");
  CHECK(InOneLine("abcdef", 5) == "ab...");
  CHECK(InOneLine("abcdef", 3) == "...");
  CHECK(InOneLine("b\u00fcros!", 5) == "b...");
  CHECK(InOneLine("") == "");
}

}  // namespace dbxes

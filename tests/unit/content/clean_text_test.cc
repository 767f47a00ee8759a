// SPDX-License-Identifier: Apache-2.0
#include "content/clean_text.h"

#include <doctest/doctest.h>

namespace dbxes::content {
namespace {

struct Cleaned {
  std::string text;
  bool truncated;
};

Cleaned Clean(std::string text, TextLimits limits = {}) {
  const bool truncated = CleanText(text, limits);
  return {text, truncated};
}

}  // namespace

TEST_CASE("control characters do not survive, and line breaks are of one kind") {
  CHECK(Clean("a\tb\nc").text == "a\tb\nc");
  CHECK(Clean("a\r\nb\rc\fd\ve\r\n").text == "a\nb\nc\nd\ne\n");
  CHECK(Clean(std::string("a\0b\1c\x1b[0m\x7f", 10)).text == "ab c [0m ");
  CHECK(Clean("a\u0085b\u009fc\u00a0d\ufeffe").text == "a b c\u00a0d e");
  CHECK(Clean("\u00e9\u20ac\U0001f600").text == "\u00e9\u20ac\U0001f600");
}

TEST_CASE("white space is reduced when that is wanted") {
  const TextLimits reduce{0, true};
  CHECK(Clean("  a \t\n b\r\n\r\nc  ", reduce).text == "a b c");
  CHECK(Clean(" \n ", reduce).text.empty());
  CHECK(Clean("abc", reduce).text == "abc");
}

TEST_CASE("the limit counts characters and says when it cuts") {
  CHECK(Clean("abc", {3, false}).text == "abc");
  CHECK_FALSE(Clean("abc", {3, false}).truncated);
  CHECK(Clean("abcd", {3, false}).text == "abc");
  CHECK(Clean("abcd", {3, false}).truncated);
  CHECK(Clean("\u00e9\u20ac\U0001f600x", {3, false}).text == "\u00e9\u20ac\U0001f600");
  // What is left out does not count.
  CHECK_FALSE(Clean(std::string("a\0b\0c\0", 6), {3, false}).truncated);
  CHECK_FALSE(Clean("a    b   ", {3, true}).truncated);
  CHECK(Clean("a    b   c", {3, true}).text == "a b");
  CHECK(Clean("a    b   c", {3, true}).truncated);
}

TEST_CASE("a long text is cut where the limit says, and nowhere else") {
  const std::string words = "some words of a text\tthat is long\nand has \u00e9\u20ac in it";
  const std::string reduced = "some words of a text that is long and has \u00e9\u20ac in it";
  const std::size_t chars = 50;
  for (const bool reduce : {false, true}) {
    const std::string& whole = reduce ? reduced : words;
    std::size_t end = 0;
    for (std::size_t most = 1; most <= chars + 1; ++most) {
      CAPTURE(most);
      if (most <= chars) {
        do ++end;
        while (end < whole.size() && (static_cast<unsigned char>(whole[end]) & 0xc0) == 0x80);
      }
      const Cleaned cleaned = Clean(words, {most, reduce});
      CHECK(cleaned.truncated == (most < chars));
      std::string expected = whole.substr(0, end);
      // A space at the end would be there for what is cut off.
      if (reduce && expected.back() == ' ') expected.pop_back();
      CHECK(cleaned.text == expected);
    }
    CHECK(end == whole.size());
  }
}

}  // namespace dbxes::content

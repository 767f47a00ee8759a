// SPDX-License-Identifier: Apache-2.0
#include "content/extract_text.h"

#include <doctest/doctest.h>

namespace dbxes::content {

TEST_CASE("plain text is decoded, cleaned and cut") {
  const auto text = ExtractText("caf\xe9\r\n<b>bold</b>", TextFormat::kPlain, {});
  REQUIRE(text);
  CHECK(text->text == "caf\u00e9\n<b>bold</b>");
  CHECK(text->title.empty());
  CHECK_FALSE(text->truncated);
  const auto cut = ExtractText("abcdef", TextFormat::kPlain, {4, false});
  REQUIRE(cut);
  CHECK(cut->text == "abcd");
  CHECK(cut->truncated);
}

TEST_CASE("HTML has a title, and an encoding that it names itself") {
  const auto page = ExtractText(
      "<meta charset=windows-1251><title>\xcf\xf0\xe8\xe2\xe5\xf2\n</title><p>\xec\xe8\xf0</p>",
      TextFormat::kHtml, {});
  REQUIRE(page);
  CHECK(page->title == "\u041f\u0440\u0438\u0432\u0435\u0442");
  CHECK(page->text == "\u043c\u0438\u0440");
}

TEST_CASE("XML is its character data") {
  const auto text = ExtractText("<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xe9</a>",
                                TextFormat::kXml, {0, true});
  REQUIRE(text);
  CHECK(text->text == "caf\u00e9");
}

TEST_CASE("what is no text has none") {
  CHECK_FALSE(ExtractText(std::string("\0\1\2\3\4\5\6\7", 8), TextFormat::kPlain, {}));
}

}  // namespace dbxes::content

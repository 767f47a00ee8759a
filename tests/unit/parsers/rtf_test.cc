// SPDX-License-Identifier: Apache-2.0
#include "parsers/rtf.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/parse_document.h"

namespace dbxes::parsers {
namespace {

Parsed<ParsedDocument> Parse(const std::string& bytes) {
  return ParseDocument(bytes, DocumentForm::kFile, {});
}

// The text of a whole document with this in its outer group.
std::string TextOf(const std::string& content) {
  const auto document = Parse("{\\rtf1\\ansi " + content + "}");
  REQUIRE(document);
  CHECK_FALSE(document->damaged_partly);
  return document->text;
}

}  // namespace

TEST_CASE("each text is in the code page of its font") {
  CHECK(TextOf("\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial;}}"
               "{\\*\\generator X;}\\f0 Caf\\'e9 \\uc1\\u8364?20\\par \\f1 "
               "\\'cf\\'f0\\'e8\\'e2\\'e5\\'f2\\par") ==
        "Caf\u00e9 \u20ac20\n\u041f\u0440\u0438\u0432\u0435\u0442");
  // The document's own, where a font has none; that of the default font, where none is chosen.
  CHECK(TextOf("\\ansicpg1251{\\fonttbl{\\f0\\fcharset1 A;}}\\f0\\'cc\\'e8\\'f0") ==
        "\u041c\u0438\u0440");
  CHECK(TextOf("\\deff3{\\fonttbl{\\f3\\fcharset238 A;}}\\'b3\\'f3d\\'9f") ==
        "\u0142\u00f3d\u017a");
  CHECK(TextOf("\\deff3{\\fonttbl{\\f3\\fcharset238 A;}{\\f4\\fcharset0 B;}}{\\f4 \\'e8}\\'e8") ==
        "\u00e8\u010d");
  CHECK(TextOf("\\mac caf\\'8e") == "caf\u00e9");
  // Bytes that happen to be UTF-8 are not taken for it.
  CHECK(TextOf("\\ansicpg1252\\'c3\\'a9") == "\u00c3\u00a9");
}

TEST_CASE("the second byte of a character may be a letter") {
  const std::string font = "{\\fonttbl{\\f0\\fcharset128 A;}{\\f1\\fcharset134 B;}}";
  CHECK(TextOf(font + "\\f0\\'83e\\'83X\\'83g") == "\u30c6\u30b9\u30c8");
  CHECK(TextOf(font + "\\f1\\'d6\\'d0\\'ce\\'c4") == "\u4e2d\u6587");
}

TEST_CASE("characters of Unicode are read, and what repeats them is not") {
  CHECK(TextOf("\\uc2\\u26085\\'93\\'fa\\u26412\\'96\\'7b!") == "\u65e5\u672c!");
  CHECK(TextOf("\\uc0\\u960 x{\\uc3\\u8364EUR} y") == "\u03c0x\u20ac y");
  CHECK(TextOf("\\u-10179?\\u-8704?") == "\U0001f600");
  CHECK(TextOf("\\u-10179?x") == "x");
  CHECK(TextOf("{\\upr{x\\'3f}{\\*\\ud{x\\u955 ?}}}") == "x\u03bb");
}

TEST_CASE("paragraphs, cells and rows are lines and tabs") {
  CHECK(TextOf("a\\par b\\line c\\\nd\\tab e\\par\\trowd x\\cell y\\cell\\row z") ==
        "a\nb\nc\nd\te\nx\ty\nz");
  CHECK(TextOf("1\\~2\\_3\\-4\\emdash\\{\\\\\\}\\ldblquote q\\rdblquote") ==
        "1\u00a02-34\u2014{\\}\u201cq\u201d");
  // Line breaks of the file are not in the text.
  CHECK(TextOf("sand\r\npiper") == "sandpiper");
}

TEST_CASE("pictures, instructions and deleted text are left out, notes and boxes are not") {
  CHECK(TextOf("a{\\pict\\wmetafile8 01ab}{\\*\\shppict{\\pict\\bin4 }{x\\'7d}}b") == "ab");
  CHECK(TextOf("{\\field{\\*\\fldinst HYPERLINK \"http://x\"}{\\fldrslt shown}}") == "shown");
  CHECK(TextOf("{\\colortbl;\\red0;}{\\stylesheet{\\s0 Normal;}}{\\*\\unknown z}a") == "a");
  CHECK(TextOf("kept {\\deleted gone}{\\revised new}") == "kept new");
  CHECK(TextOf("word{\\footnote a note}, more") == "word\na note\n, more");
  CHECK(TextOf("a{\\shp{\\*\\shpinst{\\sp{\\sn s}{\\sv 1}}{\\shptxt boxed\\par}}{\\shprslt}}") ==
        "a\nboxed");
  CHECK(TextOf("{\\header above\\par}text") == "above\ntext");
}

TEST_CASE("a mark of what may be skipped counts at the beginning of its group alone") {
  CHECK(TextOf("{\\i0\\*\\cs7\\cf0 The whimbrel}") == "The whimbrel");
  CHECK(TextOf("{a\\*\\unknown b}{\\*\\unknown c}") == "ab");
}

TEST_CASE("a fragment without a header is RTF, and text in braces is not") {
  const auto fragment = Parse("{\\pard \\f0 caf\\'e9\\par}");
  REQUIRE(fragment);
  CHECK(fragment->text == "caf\u00e9");
  CHECK_FALSE(IsRtf("{\"a\": 1}"));
  CHECK_FALSE(IsRtf("{\\"));
  CHECK_FALSE(IsRtf("{\\*x}"));
}

TEST_CASE("title and author come from the information group") {
  const auto document = Parse(
      "{\\rtf1\\ansi\\ansicpg1252{\\info{\\title R\\'e9union}{\\author Zo\\u235 e}{\\operator Bo}}"
      "text{\\author no}}");
  REQUIRE(document);
  CHECK(document->text == "textno");
  CHECK(document->properties.title == "R\u00e9union");
  CHECK(document->properties.author == "Zo\u00eb");
}

TEST_CASE("a document that breaks off keeps what there is") {
  const auto document = Parse("{\\rtf1\\ansi {\\b first\\par sec");
  REQUIRE(document);
  CHECK(document->text == "first\nsec");
  CHECK(document->damaged_partly);
  CHECK(Parse("{\\rtf1\\ansi{\\fonttbl").error() == Unreadable::kDamaged);
  CHECK(Parse("{\\rtf1\\ansi" + std::string(20'000, '{')).error() == Unreadable::kTooComplex);
  CHECK(TextOf("a}{b") == "a");
}

TEST_CASE("any number of damaged characters is left out") {
  std::string damaged;
  for (int time = 0; time < 400'000; ++time) damaged += "\\'";
  CHECK(TextOf("a" + damaged + "z") == "az");
}

}  // namespace dbxes::parsers

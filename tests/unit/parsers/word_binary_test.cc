// SPDX-License-Identifier: Apache-2.0
#include "parsers/word_binary.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/parse_document.h"
#include "support/compound_files.h"

namespace dbxes::parsers {
namespace {

Parsed<ParsedDocument> Parse(const std::string& bytes) {
  return ParseDocument(bytes, DocumentForm::kFile, {});
}

std::string TextOf(const std::string& one_byte, const std::string& wide = "") {
  const auto document = Parse(WordDocument(one_byte, wide));
  REQUIRE(document);
  CHECK_FALSE(document->damaged_partly);
  return document->text;
}

// A property set with these texts, in this code page.
std::string Summary(unsigned page, const std::string& title, const std::string& author) {
  const auto text = [](const std::string& value) {
    return LittleEndianOf(0x1e, 4) + LittleEndianOf(value.size(), 4) + value;
  };
  std::string set = LittleEndianOf(0, 4) + LittleEndianOf(3, 4);
  std::string values = LittleEndianOf(2, 4) + LittleEndianOf(page, 4);
  set += LittleEndianOf(1, 4) + LittleEndianOf(32, 4);
  set += LittleEndianOf(2, 4) + LittleEndianOf(32 + values.size(), 4);
  values += text(title);
  set += LittleEndianOf(4, 4) + LittleEndianOf(32 + values.size(), 4);
  values += text(author);
  std::string stream(0x2c, '\0');
  return stream + LittleEndianOf(0x30, 4) + set + values;
}

}  // namespace

TEST_CASE("a document is its pieces, of one byte and of two bytes a character") {
  CHECK(TextOf("caf\xe9 \x96 one\r", Wide("two\r")) == "caf\u00e9 \u2013 one\ntwo");
  CHECK(TextOf("a", std::string("\x1f\x04\x40\x04", 4)) == "a\u041f\u0440");
}

TEST_CASE("paragraphs, cells and breaks are lines and tabs") {
  CHECK(TextOf("a\vb\x0c"
               "c\td\x1e"
               "e\x1f"
               "f\r") == "a\nb\nc\td-ef");
  CHECK(TextOf("x\x07y\x07\x07z\x07\x07w\r") == "x\ty\nz\nw");
}

TEST_CASE("a field is its result") {
  CHECK(TextOf("see \x13 HYPERLINK \"http://x\" \x01\x14the \x13 PAGE \x14"
               "4\x15 page\x15 now\r") == "see the 4 page now");
  CHECK(TextOf("\x13 TC \x15"
               "a") == "a");
  // One without an end does not take the rest of the document with it.
  CHECK(TextOf("a\x13 broken\rb\x14"
               "c\x15\x15"
               "d") == "a\nbcd");
}

TEST_CASE("a formula in a field has its words, and no other instruction has") {
  CHECK(TextOf("in \x13 EQ \\* jc2 \\* \"Font:A\" \\o\\ad(\\s\\up 10(tokyo),capital)\x15.\r") ==
        "in  tokyo capital .");
  CHECK(TextOf("\x13 EQ \\f(1,2)\x14\x15 \x13 SEQ a(b)\x15\x13 EQ\x15x\r") == " 1 2  x");
  CHECK(TextOf("\x13 EQ (lost\rb\x13 EQ (kept)\x15\r") == "b kept");
}

TEST_CASE("title and author come from the summary, in its code page") {
  const std::string word = "\x05SummaryInformation";
  std::string document = LittleEndianOf(0xa5ec, 2) + LittleEndianOf(0xc1, 2);
  document.resize(0x1a2);
  document += LittleEndianOf(0, 4) + LittleEndianOf(21, 4) + "text\r";
  const std::string table = "\2" + LittleEndianOf(16, 4) + LittleEndianOf(0, 4) +
                            LittleEndianOf(5, 4) + LittleEndianOf(0, 2) +
                            LittleEndianOf((0x1a2 + 8) * 2 | 0x40000000, 4) + LittleEndianOf(0, 2);
  const auto read = Parse(CompoundOf({{"WordDocument", document},
                                      {"0Table", table},
                                      {word, Summary(1251, "\xcc\xe8\xf0", "Ann Lee")}}));
  REQUIRE(read);
  CHECK(read->text == "text");
  CHECK(read->properties.title == "\u041c\u0438\u0440");
  CHECK(read->properties.author == "Ann Lee");
}

// A file of Word 6 or 95: its header, then the text.
std::string OldDocument(const std::string& text, unsigned flags = 0,
                        const std::string& formatting = "", unsigned mark = 0xa5dc) {
  std::string document = LittleEndianOf(mark, 2) + LittleEndianOf(0x68, 2);
  document.resize(0x0a);
  document += LittleEndianOf(flags, 2);
  document.resize(0x18);
  document += LittleEndianOf(0x300, 4) + LittleEndianOf(0x300 + text.size(), 4);
  document.resize(0x160);
  document += LittleEndianOf(0x300 + text.size(), 4) + LittleEndianOf(formatting.size(), 4);
  document.resize(0x300);
  return CompoundOf({{"WordDocument", document + text + formatting}});
}

TEST_CASE("documents of Word 6 and 95 are read in the charset of their bytes") {
  const auto western =
      Parse(OldDocument("caf\xe9 \x96 one\rtwo\x07"
                        "cell\x07\x07"));
  REQUIRE(western);
  CHECK(western->text == "caf\u00e9 \u2013 one\ntwo\tcell");
  CHECK_FALSE(western->damaged_partly);
  // "The quick brown fox" in Russian, a few times, as the guess needs a text.
  const std::string fox =
      "\xd1\xfa\xe5\xf8\xfc \xe6\xe5 \xe5\xf9\xb8 \xfd\xf2\xe8\xf5 \xec\xff\xe3\xea\xe8\xf5 "
      "\xf4\xf0\xe0\xed\xf6\xf3\xe7\xf1\xea\xe8\xf5 \xe1\xf3\xeb\xee\xea, \xe4\xe0 "
      "\xe2\xfb\xef\xe5\xe9 \xf7\xe0\xfe\r";
  const auto cyrillic = Parse(OldDocument(fox + fox + fox));
  REQUIRE(cyrillic);
  CHECK(cyrillic->text.starts_with("\u0421\u044a\u0435\u0448\u044c \u0436\u0435"));
}

TEST_CASE("pieces of a document of Word 6 are in their order; those beyond its end are missing") {
  const auto table = [](std::uint32_t second) {
    return "\2" + LittleEndianOf(28, 4) + LittleEndianOf(0, 4) + LittleEndianOf(5, 4) +
           LittleEndianOf(11, 4) + LittleEndianOf(0, 2) + LittleEndianOf(0x306, 4) +
           LittleEndianOf(0, 2) + LittleEndianOf(0, 2) + LittleEndianOf(second, 4) +
           LittleEndianOf(0, 2);
  };
  const auto whole = Parse(OldDocument("second first ", 0x4, table(0x300)));
  REQUIRE(whole);
  CHECK(whole->text == " firssecond");
  const auto cut = Parse(OldDocument("second first ", 0x4, table(0x30000)));
  REQUIRE(cut);
  CHECK(cut->text == " firs");
  CHECK(cut->damaged_partly);
}

TEST_CASE("Word 95 for East Asia writes UTF-16, or a charset as other versions do") {
  const std::string wide = Wide("one\r") + LittleEndianOf(0x65e5, 2);
  const auto piece = Parse(OldDocument(wide, 0x1000, "", 0xa699));
  REQUIRE(piece);
  CHECK(piece->text == "one\n\u65e5");
  const std::string table = "\2" + LittleEndianOf(16, 4) + LittleEndianOf(0, 4) +
                            LittleEndianOf(2, 4) + LittleEndianOf(0, 2) + LittleEndianOf(0x302, 4) +
                            LittleEndianOf(0, 2);
  const auto pieces = Parse(OldDocument(wide, 0x1004, table, 0xa699));
  REQUIRE(pieces);
  CHECK(pieces->text == "ne");
  CHECK_FALSE(pieces->damaged_partly);
  const auto narrow = Parse(OldDocument("plain", 0, "", 0xa699));
  REQUIRE(narrow);
  CHECK(narrow->text == "plain");
}

TEST_CASE("what Word cannot have written says why it has no text") {
  std::string encrypted = LittleEndianOf(0xa5ec, 2) + LittleEndianOf(0xc1, 2);
  encrypted.resize(0x0a);
  encrypted += LittleEndianOf(0x0100, 2);
  encrypted.resize(0x200);
  CHECK(Parse(CompoundOf({{"WordDocument", encrypted}})).error() == Unreadable::kEncrypted);
  std::string bare = LittleEndianOf(0xa5ec, 2) + LittleEndianOf(0xc1, 2);
  CHECK(Parse(CompoundOf({{"WordDocument", bare}})).error() == Unreadable::kDamaged);
}

TEST_CASE("pieces that overlap make no more text than the file has") {
  constexpr std::size_t kPieces = 400;
  constexpr std::size_t kText = 0x400;
  const std::string text = "whimbrels" + std::string(200'000, 'x') + "\r";
  std::string document = LittleEndianOf(0xa5ec, 2) + LittleEndianOf(0xc1, 2);
  document.resize(0x1a2);
  document += LittleEndianOf(0, 4) + LittleEndianOf(5 + 4 + 12 * kPieces, 4);
  document.resize(kText);
  std::string table = "\2" + LittleEndianOf(4 + 12 * kPieces, 4);
  for (std::size_t piece = 0; piece <= kPieces; ++piece) {
    table += LittleEndianOf(piece * text.size(), 4);
  }
  for (std::size_t piece = 0; piece < kPieces; ++piece) {
    table +=
        LittleEndianOf(0, 2) + LittleEndianOf(kText * 2 | 0x40000000, 4) + LittleEndianOf(0, 2);
  }
  const auto read = Parse(CompoundOf({{"WordDocument", document + text}, {"0Table", table}}));
  REQUIRE(read);
  CHECK(read->text.starts_with("whimbrels"));
  CHECK(read->text.size() <= 3 * text.size());
  CHECK(read->damaged_partly);
}

TEST_CASE("a document that breaks off keeps its first pieces") {
  const std::string whole = WordDocument("first piece\r", Wide(std::string(3000, 'w')));
  std::string table = whole;
  // The second piece is said to be elsewhere.
  const std::size_t at = table.find(LittleEndianOf(0x400 * 2 | 0x40000000, 4));
  REQUIRE(at != std::string::npos);
  table.replace(at + 8, 4, LittleEndianOf(0x00ffffff, 4));
  const auto read = Parse(table);
  REQUIRE(read);
  CHECK(read->text == "first piece");
  CHECK(read->damaged_partly);
}

}  // namespace dbxes::parsers

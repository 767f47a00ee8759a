// SPDX-License-Identifier: Apache-2.0
#include "parsers/excel_binary.h"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <string>

#include "parsers/biff_strings.h"
#include "parsers/parse_document.h"
#include "support/compound_files.h"

namespace dbxes::parsers {
namespace {

std::string Record(unsigned type, const std::string& data) {
  return LittleEndianOf(type, 2) + LittleEndianOf(data.size(), 2) + data;
}

std::string Begin(bool biff8 = true) {
  return Record(0x809, LittleEndianOf(biff8 ? 0x600 : 0x500, 2) + std::string(6, '\0'));
}

// A string of BIFF8, its length in as many bytes.
std::string Short(const std::string& latin, std::size_t length_bytes = 2) {
  return LittleEndianOf(latin.size(), length_bytes) + std::string(1, '\0') + latin;
}

std::string Cell(unsigned row, unsigned column, unsigned style = 0) {
  return LittleEndianOf(row, 2) + LittleEndianOf(column, 2) + LittleEndianOf(style, 2);
}

std::string Double(double value) { return LittleEndianOf(std::bit_cast<std::uint64_t>(value), 8); }

Parsed<ParsedDocument> Parse(const std::string& bytes) {
  return ParseDocument(bytes, DocumentForm::kFile, {});
}

std::string TextOf(const std::string& stream, const std::string& name = "Workbook") {
  const auto document = Parse(CompoundOf({{name, stream}}));
  REQUIRE(document);
  CHECK_FALSE(document->damaged_partly);
  return document->text;
}

}  // namespace

TEST_CASE("a workbook is its sheets, rows and cells as they are shown") {
  const std::string strings =
      Record(0xfc, LittleEndianOf(2, 4) + LittleEndianOf(2, 4) + Short("sh\xe9lduck") +
                       LittleEndianOf(1, 2) + "\1" + LittleEndianOf(0x65e5, 2));
  const std::string styles = Record(0xe0, std::string(20, '\0')) +
                             Record(0xe0, LittleEndianOf(0, 2) + LittleEndianOf(14, 2)) +
                             Record(0x41e, LittleEndianOf(164, 2) + Short("yyyy")) +
                             Record(0xe0, LittleEndianOf(0, 2) + LittleEndianOf(164, 2));
  const auto globals = [&](std::size_t place) {
    return Begin() + strings + styles +
           Record(0x85, LittleEndianOf(place, 4) + LittleEndianOf(0, 2) + Short("Tides", 1)) +
           Record(0x0a, "");
  };
  const std::string sheet =
      Begin() + Record(0xfd, Cell(0, 0) + LittleEndianOf(0, 4)) +
      Record(0xfd, Cell(0, 1) + LittleEndianOf(1, 4)) + Record(0x203, Cell(1, 0) + Double(0.3)) +
      Record(0x203, Cell(1, 1, 1) + Double(45'413)) +
      Record(0x203, Cell(1, 2, 2) + Double(45'414)) +
      // Integers, a hundredth of one, and the upper half of a number.
      Record(0x27e, Cell(2, 0) + LittleEndianOf(42 << 2 | 2, 4)) +
      Record(0x27e, Cell(2, 1) + LittleEndianOf(4250 << 2 | 3, 4)) +
      Record(0x27e, Cell(2, 2) + LittleEndianOf(static_cast<std::uint32_t>(-7 * 4) | 2, 4)) +
      Record(0x27e, Cell(2, 3) + LittleEndianOf(std::bit_cast<std::uint64_t>(1.5) >> 32, 4)) +
      Record(0xbd, LittleEndianOf(3, 2) + LittleEndianOf(0, 2) + LittleEndianOf(0, 2) +
                       LittleEndianOf(1 << 2 | 2, 4) + LittleEndianOf(0, 2) +
                       LittleEndianOf(2 << 2 | 2, 4) + LittleEndianOf(1, 2)) +
      Record(0x204, Cell(4, 0) + Short("label")) +
      Record(0x205, Cell(4, 1) + std::string("\1\0", 2)) +
      Record(0x205, Cell(4, 2) + std::string("\x07\1", 2)) + Record(0x0a, "");
  const std::size_t place = globals(0).size();
  CHECK(TextOf(globals(place) + sheet) ==
        "Tides\nsh\u00e9lduck\t\u65e5\n0.3\t2024-05-01\t2024-05-02\n42\t42.5\t-7\t1.5\n1\t2\n"
        "label\tTRUE\t#DIV/0!");
}

TEST_CASE("a formula is its result") {
  const std::string text_result("\0\0\0\0\0\0\xff\xff", 8);
  const std::string true_result("\1\0\1\0\0\0\xff\xff", 8);
  CHECK(TextOf(Begin() + Record(0x06, Cell(0, 0) + Double(2.25) + "rest") +
               Record(0x06, Cell(0, 1) + text_result + "rest") + Record(0x207, Short("joined")) +
               Record(0x06, Cell(0, 2) + true_result)) == "2.25\tjoined\tTRUE");
}

TEST_CASE("a string may be divided among records, and change its width there") {
  const std::string head = LittleEndianOf(2, 4) + LittleEndianOf(2, 4);
  // With runs of formatting and phonetic text after the characters.
  const std::string first =
      LittleEndianOf(4, 2) + "\x0c" + LittleEndianOf(1, 2) + LittleEndianOf(3, 4) + "ab";
  const std::string rest = "\1" + Wide("cd") + "runsxyz" + Short("next");
  CHECK(TextOf(Begin() + Record(0xfc, head + first) + Record(0x3c, rest) +
               Record(0xfd, Cell(0, 0) + LittleEndianOf(0, 4)) +
               Record(0xfd, Cell(0, 1) + LittleEndianOf(1, 4)) +
               Record(0xfd, Cell(0, 2) + LittleEndianOf(9, 4)) +
               Record(0xfd, Cell(1, 0) + LittleEndianOf(1, 4))) == "abcd\tnext\nnext");
}

TEST_CASE("comments, boxes and charts have text") {
  std::string box(18, '\0');
  box.replace(10, 2, LittleEndianOf(6, 2));
  CHECK(TextOf(Begin() + Record(0x204, Cell(0, 0) + Short("a")) + Record(0x1b6, box) +
               Record(0x3c, std::string(1, '\0') + "remark") + Record(0x3c, "look") +
               Record(0x100d, LittleEndianOf(0, 2) + Short("axis", 1))) == "a\nremark\naxis");
}

TEST_CASE("the text of Excel 95 is in the code page of its workbook") {
  const std::string text = "\xcc\xe8\xf0";
  CHECK(TextOf(Begin(false) + Record(0x42, LittleEndianOf(1251, 2)) +
                   Record(0x204, Cell(0, 0) + LittleEndianOf(text.size(), 2) + text),
               "Book") == "\u041c\u0438\u0440");
}

TEST_CASE("sheets of Excel 3 and 4 stand alone, and their formats have no numbers") {
  const auto label = [](unsigned row, const std::string& text) {
    return Record(0x204, Cell(row, 0) + LittleEndianOf(text.size(), 2) + text);
  };
  const std::string page = Record(0x42, LittleEndianOf(1251, 2));
  const auto sheet = [&](unsigned begin, unsigned style, unsigned formula,
                         const std::string& formats) {
    return Record(begin, std::string(6, '\0')) + page + formats +
           Record(style, std::string(12, '\0')) +
           Record(style, std::string("\0\1", 2) + std::string(10, '\0')) +
           label(0, "\xcc\xe8\xf0") + Record(0x203, Cell(1, 0, 1) + Double(0.5)) +
           Record(0x203, Cell(1, 1) + Double(7)) + Record(formula, Cell(2, 0) + Double(9));
  };
  const std::string general("\7General", 8);
  const std::string percent("\0020%", 3);
  const std::string third =
      sheet(0x209, 0x243, 0x206, Record(0x1e, general) + Record(0x1e, percent));
  const std::string fourth =
      sheet(0x409, 0x443, 0x406, Record(0x41e, "ab" + general) + Record(0x41e, "ab" + percent));
  for (const std::string& stream : {third, fourth}) {
    const auto read = Parse(stream);
    REQUIRE(read);
    CHECK(read->text == "\u041c\u0438\u0440\n50%\t7\n9");
    CHECK_FALSE(read->damaged_partly);
  }
  CHECK(Parse(third.substr(0, third.size() - 5))->damaged_partly);
  CHECK_FALSE(IsExcelStream(std::string("\x09\x02\x05\0", 4)));
  CHECK_FALSE(IsExcelStream(std::string("\x09\x02\x11\0", 4)));
  CHECK_FALSE(IsExcelStream("\t\x02"));
}

TEST_CASE("the first part has the version, whatever the sheets claim") {
  const std::string label = Record(0x204, Cell(0, 0) + LittleEndianOf(5, 2) + "sedge");
  CHECK(TextOf(Begin(false) + Record(0x0a, "") + Begin(true) + label, "Book") == "sedge");
}

TEST_CASE("percentages are shown as such") {
  const std::string styles =
      Record(0x41e, LittleEndianOf(164, 2) + Short("0.0%")) +
      Record(0xe0, LittleEndianOf(0, 2) + LittleEndianOf(9, 2)) +
      Record(0xe0, LittleEndianOf(0, 2) + LittleEndianOf(164, 2)) +
      Record(0xe0, LittleEndianOf(0, 2) + LittleEndianOf(4, 2));  // "#,##0.00"
  CHECK(TextOf(Begin() + styles + Record(0x203, Cell(0, 0, 0) + Double(0.15)) +
               Record(0x203, Cell(0, 1, 1) + Double(0.125)) +
               Record(0x203, Cell(0, 2, 2) + Double(1599.5))) == "15%\t12.5%\t1599.5");
}

TEST_CASE("headers and footers of a printed page are text without their codes") {
  CHECK(TextOf(Begin() + Record(0x14, Short("&L&\"Arial,Bold\"Tides&RPage &P")) +
               Record(0x15, Short("&CHarbour")) + Record(0x14, "") +
               Record(0x204, Cell(0, 0) + Short("a"))) == "Tides\tPage\nHarbour\na");
  CHECK(TextOf(Begin(false) + Record(0x15, "\x0b&CHarbour 2") +
                   Record(0x204, Cell(0, 0) + LittleEndianOf(1, 2) + "a"),
               "Book") == "Harbour 2\na");
}

TEST_CASE("dates count from 1904 where the workbook does") {
  CHECK(TextOf(Begin() + Record(0x22, LittleEndianOf(1, 2)) +
               Record(0xe0, LittleEndianOf(0, 2) + LittleEndianOf(14, 2)) +
               Record(0x203, Cell(0, 0) + Double(1))) == "1904-01-02");
}

TEST_CASE("a workbook with a password says so, one that breaks off keeps its cells") {
  CHECK(Parse(CompoundOf({{"Workbook", Begin() + Record(0x2f, "key")}})).error() ==
        Unreadable::kEncrypted);
  const auto cut =
      Parse(CompoundOf({{"Workbook", Begin() + Record(0x204, Cell(0, 0) + Short("kept")) +
                                         LittleEndianOf(0x204, 2) + LittleEndianOf(99, 2) + "x"}}));
  REQUIRE(cut);
  CHECK(cut->text == "kept");
  CHECK(cut->damaged_partly);
  CHECK(Parse(CompoundOf({{"Workbook", ""}})).error() == Unreadable::kDamaged);
}

TEST_CASE("strings end where the records do") {
  CHECK(BiffReader({}).Text(5).empty());
  CHECK(BiffReader({std::string_view("\0abc", 4)}).Text(5) == "abc");
  CHECK(BiffReader({std::string_view("\1a\0b", 4)}).Text(2) == "a");
  CHECK(FromLatin1("\xe9") == "\u00e9");
  BiffStringTable table;
  const std::string bytes = LittleEndianOf(0, 4) + LittleEndianOf(0xffffffff, 4) + Short("one");
  table.Read({bytes});
  CHECK(table.At(0) == "one");
  CHECK(table.At(1).empty());
}

}  // namespace dbxes::parsers

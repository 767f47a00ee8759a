// SPDX-License-Identifier: Apache-2.0
#include "parsers/numbering.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

// A level of a definition.
std::string Level(int level, const std::string& format, const std::string& text, int start = 1) {
  return "<w:lvl w:ilvl='" + std::to_string(level) + "'><w:start w:val='" + std::to_string(start) +
         "'/><w:numFmt w:val='" + format + "'/><w:lvlText w:val='" + text + "'/></w:lvl>";
}

std::string Definition(const std::string& id, const std::string& levels) {
  return "<w:abstractNum w:abstractNumId='" + id + "'>" + levels + "</w:abstractNum>";
}

std::string List(const std::string& id, const std::string& definition,
                 const std::string& overrides = "") {
  return "<w:num w:numId='" + id + "'><w:abstractNumId w:val='" + definition + "'/>" + overrides +
         "</w:num>";
}

// A paragraph of a list.
std::string Item(const std::string& list, int level, const std::string& text) {
  return "<w:p><w:pPr><w:numPr><w:ilvl w:val='" + std::to_string(level) + "'/><w:numId w:val='" +
         list + "'/></w:numPr></w:pPr><w:r><w:t>" + text + "</w:t></w:r></w:p>";
}

std::string Styled(const std::string& style, const std::string& more, const std::string& text) {
  return "<w:p><w:pPr><w:pStyle w:val='" + style + "'/>" + more + "</w:pPr><w:r><w:t>" + text +
         "</w:t></w:r></w:p>";
}

std::string TextOf(const std::string& body, const std::string& numbering,
                   const std::string& styles = "") {
  Entries entries = OfficeEntries(
      "word/document.xml", "<w:document xmlns:w='urn:w'>" + body + "</w:document>",
      Relation("n", "numbering", "numbering.xml") + Relation("s", "styles", "styles.xml"));
  entries["word/numbering.xml"] = "<w:numbering xmlns:w='urn:w'>" + numbering + "</w:numbering>";
  entries["word/styles.xml"] = "<w:styles xmlns:w='urn:w'>" + styles + "</w:styles>";
  const auto document = ParseDocument(ZipOf(entries), DocumentForm::kFile, {});
  REQUIRE(document);
  return document->text;
}

}  // namespace

TEST_CASE("paragraphs of lists begin with their numbers") {
  const std::string numbering =
      Definition("0", Level(0, "decimal", "Article %1.") + Level(1, "decimal", "%1.%2")) +
      List("1", "0");
  CHECK(TextOf(Item("1", 0, "Term") + Item("1", 1, "Begin") + Item("1", 1, "End") + Words("plain") +
                   Item("1", 0, "Price") + Item("1", 1, "Sum") + Item("9", 0, "unknown"),
               numbering) ==
        "Article 1. Term\n1.1 Begin\n1.2 End\nplain\nArticle 2. Price\n2.1 Sum\nunknown");
}

TEST_CASE("numbers have the format of their level") {
  const std::string numbering =
      Definition("0", Level(0, "upperRoman", "%1", 9) + Level(1, "lowerLetter", "%2)", 26) +
                          Level(2, "decimalZero", "%3") + Level(3, "bullet", "*") +
                          Level(4, "lowerRoman", "(%5)") + Level(5, "none", "x") +
                          Level(6, "upperLetter", "%7")) +
      List("1", "0");
  CHECK(TextOf(Item("1", 0, "a") + Item("1", 1, "b") + Item("1", 1, "c") + Item("1", 2, "d") +
                   Item("1", 3, "e") + Item("1", 4, "f") + Item("1", 5, "g") + Item("1", 6, "h"),
               numbering) == "IX a\nz) b\naa) c\n01 d\ne\n(i) f\nx g\nA h");
}

TEST_CASE("styles put headings into lists") {
  const std::string numbering =
      Definition("0", Level(0, "decimal", "%1") + Level(1, "decimal", "%1.%2")) + List("1", "0");
  const std::string styles =
      "<w:style w:styleId='H1'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
      "<w:style w:styleId='H2'><w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr>"
      "</w:pPr></w:style><w:style w:styleId='Body'/>";
  CHECK(TextOf(Styled("H1", "", "One") + Styled("H2", "", "Sub") + Styled("Body", "", "text") +
                   Styled("H1", "<w:numPr><w:numId w:val='0'/></w:numPr>", "Unnumbered") +
                   Styled("H1", "", "Two"),
               numbering, styles) == "1 One\n1.1 Sub\ntext\nUnnumbered\n2 Two");
}

TEST_CASE("lists of one definition continue it, unless they start anew") {
  const std::string numbering =
      Definition("0", Level(0, "decimal", "%1")) + List("1", "0") + List("2", "0") +
      List("3", "0", "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>");
  CHECK(TextOf(Item("1", 0, "a") + Item("2", 0, "b") + Item("3", 0, "c") + Item("3", 0, "d"),
               numbering) == "1 a\n2 b\n1 c\n2 d");
}

TEST_CASE("odd definitions cost numbers, not text") {
  const std::string numbering =
      Definition("0", Level(0, "decimal", "%1%9%0%", -5) + Level(99, "x", "%9")) + List("1", "0") +
      List("2", "gone");
  CHECK(TextOf(Item("1", 0, "a") + Item("2", 0, "b") + Item("1", 77, "c"), numbering).find("b") !=
        std::string::npos);
  const std::string roman =
      Definition("0", Level(0, "upperRoman", "%1", 999999999)) + List("1", "0");
  CHECK(TextOf(Item("1", 0, "a"), roman) == "1000000 a");
}

}  // namespace dbxes::parsers

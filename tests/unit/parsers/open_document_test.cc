// SPDX-License-Identifier: Apache-2.0
#include "parsers/open_document.h"

#include <doctest/doctest.h>

#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

Parsed<ParsedDocument> Parse(const Entries& entries) {
  const std::string bytes = ZipOf(entries);
  return ParseDocument(bytes, DocumentForm::kFile, {});
}

}  // namespace

TEST_CASE("a text is its paragraphs, with notes and comments where they stand") {
  const Entries entries = OpenDocumentEntries(
      "text",
      "<office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
      "<text:h>Head</text:h><text:p>a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d"
      "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p>"
      "</text:note-body></text:note></text:p><office:annotation><dc:creator>Bo</dc:creator>"
      "<text:p>remark</text:p></office:annotation></office:text>");
  const auto document = Parse(entries);
  REQUIRE(document);
  CHECK(document->text == "Head\na  b\tc\nd1\nnote\nremark");
}

TEST_CASE("a spreadsheet is its sheets, rows and cells as they are shown") {
  const Entries entries = OpenDocumentEntries(
      "spreadsheet",
      "<office:spreadsheet><table:table table:name='Tides'><table:table-row>"
      "<table:table-cell office:value='0.3'><text:p>30 %</text:p></table:table-cell>"
      "<table:table-cell table:number-columns-repeated='16000'/>"
      "<table:table-cell><text:p>ebb</text:p></table:table-cell></table:table-row>"
      "<table:table-row><table:table-cell><text:p>flood</text:p></table:table-cell>"
      "</table:table-row></table:table></office:spreadsheet>");
  const auto document = Parse(entries);
  REQUIRE(document);
  CHECK(document->text == "Tides\n30 %\tebb\nflood");
}

TEST_CASE("headers and properties come from their own parts") {
  Entries entries = OpenDocumentEntries("text", "<office:text><text:p>x</text:p></office:text>");
  entries["styles.xml"] =
      "<s xmlns:style='urn:s' xmlns:text='urn:t'><style:name><text:p>not "
      "shown</text:p></style:name>"
      "<style:header><text:p>above</text:p></style:header>"
      "<style:footer><text:p>below</text:p></style:footer></s>";
  entries["meta.xml"] =
      "<m xmlns:dc='urn:dc' xmlns:meta='urn:m'><dc:title>T</dc:title><dc:creator>Bo</dc:creator>"
      "<meta:initial-creator>Ann</meta:initial-creator><dc:language>fr</dc:language></m>";
  const auto document = Parse(entries);
  REQUIRE(document);
  CHECK(document->text == "x\nabove\nbelow");
  CHECK(document->properties.title == "T");
  CHECK(document->properties.author == "Ann");
  CHECK(document->properties.language == "fr");
}

TEST_CASE("one with a password says so") {
  Entries entries = OpenDocumentEntries("text", "");
  entries["content.xml"] = "\x01\x02 random";
  CHECK(Parse(entries).error() == Unreadable::kDamaged);
  entries["META-INF/manifest.xml"] =
      "<m:manifest xmlns:m='urn:m'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
  CHECK(Parse(entries).error() == Unreadable::kEncrypted);
}

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// Workbooks: sheets, rows and cells.
#include "parsers/office_open_xml.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

ParsedDocument Parse(const Entries& entries) {
  auto document = ParseDocument(ZipOf(entries), DocumentForm::kFile, {});
  REQUIRE(document);
  return *std::move(document);
}

std::string Cells(const std::string& rows) {
  return "<x:worksheet xmlns:x='urn:x'><x:sheetData>" + rows + "</x:sheetData></x:worksheet>";
}

}  // namespace

TEST_CASE("a workbook is its sheets in order, rows and cells as they are shown") {
  Entries entries = OfficeEntries(
      "xl/workbook.xml",
      "<x:workbook xmlns:x='urn:x' xmlns:r='urn:r'><x:sheets>"
      "<x:sheet name='Zebra' sheetId='7' r:id='z'/><x:sheet name='Ape' sheetId='1' r:id='a'/>"
      "</x:sheets></x:workbook>",
      Relation("a", "worksheet", "worksheets/1.xml") +
          Relation("z", "worksheet", "worksheets/2.xml") + Relation("s", "sharedStrings", "s.xml") +
          Relation("t", "styles", "t.xml"));
  entries["xl/s.xml"] =
      "<x:sst xmlns:x='urn:x'><x:si><x:t>first</x:t></x:si><x:si><x:r><x:t>se</x:t></x:r>"
      "<x:r><x:t>cond</x:t></x:r><x:rPh><x:t>reading</x:t></x:rPh></x:si></x:sst>";
  entries["xl/t.xml"] =
      "<x:styleSheet xmlns:x='urn:x'><x:numFmts><x:numFmt numFmtId='165' formatCode='yyyy'/>"
      "</x:numFmts><x:cellStyleXfs><x:xf numFmtId='14'/></x:cellStyleXfs><x:cellXfs>"
      "<x:xf numFmtId='0'/><x:xf numFmtId='14'/><x:xf numFmtId='165'/></x:cellXfs></x:styleSheet>";
  entries["xl/worksheets/2.xml"] = Cells(
      "<x:row><x:c t='s'><x:v>1</x:v></x:c><x:c/><x:c t='s'><x:v>0</x:v></x:c>"
      "<x:c t='s'><x:v>99</x:v></x:c></x:row>"
      "<x:row><x:c><x:f>A1*2</x:f><x:v>0.30000000000000004</x:v></x:c>"
      "<x:c s='1'><x:v>45413</x:v></x:c><x:c s='2'><x:v>45413</x:v></x:c></x:row>");
  entries["xl/worksheets/1.xml"] = Cells(
      "<x:row><x:c t='inlineStr'><x:is><x:t>inline</x:t></x:is></x:c>"
      "<x:c t='b'><x:v>1</x:v></x:c><x:c t='str'><x:v>text</x:v></x:c>"
      "<x:c t='e'><x:v>#N/A</x:v></x:c></x:row>");
  entries["xl/worksheets/_rels/1.xml.rels"] =
      "<Relationships>" + Relation("c", "comments", "../c.xml") + "</Relationships>";
  entries["xl/c.xml"] =
      "<x:comments xmlns:x='urn:x'><x:comment><x:text><x:r><x:t>remark</x:t></x:r>"
      "</x:text></x:comment></x:comments>";
  CHECK(Parse(entries).text ==
        "Zebra\nsecond\tfirst\n0.3\t2024-05-01\t2024-05-01\nApe\ninline\tTRUE\ttext\t#N/A\nremark");
}

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
#include "parsers/office_open_xml.h"

#include <doctest/doctest.h>

#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

ParsedDocument Parse(const Entries& entries) {
  const std::string bytes = ZipOf(entries);
  auto document = ParseDocument(bytes, DocumentForm::kFile, {});
  REQUIRE(document);
  return *std::move(document);
}

std::string TextOf(const Entries& entries) { return Parse(entries).text; }

std::string Slide(const std::string& text) {
  return "<p:sld xmlns:p='urn:p' xmlns:a='urn:a'><a:p><a:pPr/><a:r><a:t>" + text +
         "</a:t></a:r><a:fld type='slidenum'><a:t>17</a:t></a:fld></a:p></p:sld>";
}

std::string Cells(const std::string& rows) {
  return "<x:worksheet xmlns:x='urn:x'><x:sheetData>" + rows + "</x:sheetData></x:worksheet>";
}

}  // namespace

TEST_CASE("a document is its paragraphs, without what they are made with") {
  const std::string body =
      "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>one</w:t><w:tab/>"
      "<w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>"
      "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
      "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
      "<w:ins><w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t></w:r></w:ins>"
      "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
      "<w:p><mc:AlternateContent xmlns:mc='urn:mc'><mc:Choice><w:r><w:t>box</w:t></w:r></mc:Choice>"
      "<mc:Fallback><w:r><w:t>box</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>";
  const auto document = ParseDocument(Docx(body), DocumentForm::kFile, {});
  REQUIRE(document);
  CHECK(document->text == "one\ttwo\nthree\ncell\nco-op\nbox");
  CHECK_FALSE(document->truncated);
}

TEST_CASE("notes, comments and headers follow the document") {
  const auto part = [](const char* text) {
    return "<w:x xmlns:w='urn:w'>" + Words(text) + "</w:x>";
  };
  Entries entries = OfficeEntries(
      "word/document.xml", part("body"),
      Relation("1", "comments", "comments.xml") + Relation("2", "footnotes", "/word/f.xml") +
          Relation("3", "header", "../word/./h.xml") + Relation("4", "image", "media/i.xml") +
          Relation("5", "footer", "missing.xml"));
  entries["word/document.xml"] = "<w:document xmlns:w='urn:w'>" + Words("body") + "</w:document>";
  entries["word/comments.xml"] = part("comment");
  entries["word/f.xml"] = part("footnote");
  entries["word/h.xml"] = part("header");
  entries["word/media/i.xml"] = part("image");
  CHECK(TextOf(entries) == "body\ncomment\nfootnote\nheader");
}

TEST_CASE("properties are those of the core part") {
  Entries entries = OfficeEntries("word/document.xml", "<w:document xmlns:w='urn:w'/>");
  std::string& relations = entries["_rels/.rels"];
  relations.insert(
      relations.find("</"),
      "<Relationship Id='c' Type='urn:x/metadata/core-properties' Target='core.xml'/>");
  entries["core.xml"] =
      "<cp:coreProperties xmlns:cp='urn:cp' xmlns:dc='urn:dc'><dc:title> The\nheron </dc:title>"
      "<dc:creator>Ann</dc:creator><cp:lastModifiedBy>Bo</cp:lastModifiedBy>"
      "<dc:language>en-GB</dc:language></cp:coreProperties>";
  const ParsedDocument document = Parse(entries);
  CHECK(document.text.empty());
  CHECK(document.properties.title == "The heron");
  CHECK(document.properties.author == "Ann");
  CHECK(document.properties.language == "en-GB");
  entries["core.xml"] = "broken";
  CHECK(Parse(entries).properties.title.empty());
}

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
  CHECK(TextOf(entries) ==
        "Zebra\nsecond\tfirst\n0.3\t2024-05-01\t2024-05-01\nApe\ninline\tTRUE\ttext\t#N/A\nremark");
}

TEST_CASE("a presentation is its slides in order, each with its notes") {
  Entries entries = OfficeEntries(
      "ppt/presentation.xml",
      "<p:presentation xmlns:p='urn:p' xmlns:r='urn:r'><p:sldIdLst><p:sldId id='256' r:id='r2'/>"
      "<p:sldId id='257' r:id='r1'/><p:sldId id='258' r:id='gone'/></p:sldIdLst></p:presentation>",
      Relation("r1", "slide", "slides/slide1.xml") + Relation("r2", "slide", "slides/slide2.xml"));
  entries["ppt/slides/slide1.xml"] = Slide("last");
  entries["ppt/slides/slide2.xml"] = Slide("first");
  entries["ppt/slides/_rels/slide2.xml.rels"] =
      "<Relationships>" + Relation("n", "notesSlide", "../notes/n.xml") +
      Relation("c", "comments", "../c.xml") + "</Relationships>";
  entries["ppt/notes/n.xml"] = Slide("note");
  entries["ppt/c.xml"] = "<p:cmLst xmlns:p='urn:p'><p:cm><p:text>remark</p:text></p:cm></p:cmLst>";
  CHECK(TextOf(entries) == "first\nnote\nremark\nlast");
}

TEST_CASE("targets are seen from the part that names them") {
  CHECK(ResolvePart("ppt/slides/a.xml", "../media/b.xml") == "ppt/media/b.xml");
  CHECK(ResolvePart("ppt/slides/a.xml", "/x/b.xml#c") == "x/b.xml");
  CHECK(ResolvePart("a.xml", "../../b.xml") == "b.xml");
  CHECK(ResolvePart("", "word/document.xml") == "word/document.xml");
}

TEST_CASE("what is of another kind, or lacks its main part, says so") {
  const auto reason = [](const Entries& entries) {
    return ParseDocument(ZipOf(entries), DocumentForm::kFile, {}).error();
  };
  CHECK(reason(OfficeEntries("xl/workbook.bin", "x")) == Unreadable::kUnsupported);
  CHECK(reason(OfficeEntries("a.xml", "<other/>")) == Unreadable::kUnsupported);
  Entries headless = OfficeEntries("a.xml", "<document/>");
  headless.erase("a.xml");
  CHECK(reason(headless) == Unreadable::kDamaged);
  headless.erase("_rels/.rels");
  CHECK(reason(headless) == Unreadable::kUnsupported);
}

}  // namespace dbxes::parsers

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

}  // namespace

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

TEST_CASE("what slides show of their layouts and masters follows them once, without instructions") {
  const auto shape = [](const std::string& place, const std::string& text) {
    return "<p:sp><p:nvSpPr><p:nvPr>" + place + "</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>" +
           text + "</a:t></a:r></a:p></p:txBody></p:sp>";
  };
  const auto background = [](const std::string& root, const std::string& shapes) {
    return "<p:" + root + " xmlns:p='urn:p' xmlns:a='urn:a'>" + shapes + "</p:" + root + ">";
  };
  Entries entries = OfficeEntries(
      "ppt/presentation.xml",
      "<p:presentation xmlns:p='urn:p' xmlns:r='urn:r'><p:sldIdLst><p:sldId id='1' r:id='a'/>"
      "<p:sldId id='2' r:id='b'/></p:sldIdLst></p:presentation>",
      Relation("a", "slide", "slides/a.xml") + Relation("b", "slide", "slides/b.xml") +
          Relation("c", "commentAuthors", "authors.xml"));
  const std::string layout =
      "<Relationships>" + Relation("l", "slideLayout", "../layouts/l.xml") + "</Relationships>";
  entries["ppt/slides/a.xml"] = Slide("one");
  entries["ppt/slides/_rels/a.xml.rels"] = layout;
  entries["ppt/slides/b.xml"] = background("sld", shape("<p:ph type='title'/>", "two"));
  entries["ppt/slides/_rels/b.xml.rels"] = layout;
  entries["ppt/layouts/l.xml"] =
      background("sldLayout", shape("<p:ph/>", "Click to edit") + shape("", "Confidential"));
  entries["ppt/layouts/_rels/l.xml.rels"] =
      "<Relationships>" + Relation("m", "slideMaster", "../masters/m.xml") + "</Relationships>";
  entries["ppt/masters/m.xml"] =
      background("sldMaster", shape("", "Acme") + shape("<p:ph/>", "Second level") +
                                  "<a:tbl><a:txBody><a:p><a:r><a:t>cell</a:t></a:r></a:p>"
                                  "</a:txBody></a:tbl>");
  entries["ppt/authors.xml"] =
      "<p:cmAuthorLst xmlns:p='urn:p'><p:cmAuthor id='0' name='Ann Lee'/></p:cmAuthorLst>";
  CHECK(TextOf(entries) == "one\nConfidential\nAcme\ncell\ntwo\nAnn Lee");
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

// SPDX-License-Identifier: Apache-2.0
#include "parsers/page_archive.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

ParsedDocument Read(const Entries& entries) {
  auto document = ParseDocument(ZipOf(entries), DocumentForm::kFile, {});
  REQUIRE(document);
  return *std::move(document);
}

std::string Page(const std::string& text) {
  return "<PageContents><Shapes><Shape><Text><cp IX='0'/>" + text +
         "</Text><Cell V='1'/></Shape>"
         "</Shapes></PageContents>";
}

std::string Glyphs(const std::string& text) {
  return "<FixedPage><Glyphs UnicodeString='" + text + "' Indices='1'/></FixedPage>";
}

}  // namespace

TEST_CASE("a drawing of Visio is the names and the text of its pages, in order") {
  const Entries drawing{
      {"[Content_Types].xml", "<Types/>"},
      {"visio/document.xml", "<VisioDocument/>"},
      {"visio/pages/pages.xml", "<Pages><Page ID='0' Name='Flow'/><Page Name='More'/></Pages>"},
      {"visio/pages/page10.xml", Page("ten")},
      {"visio/pages/page1.xml", Page("one")},
      {"visio/pages/page2.xml", Page("two &amp; more")},
      {"visio/masters/master1.xml", Page("Process")},
      {"docProps/core.xml", "<c xmlns:dc='urn:dc'><dc:title>T</dc:title></c>"}};
  const ParsedDocument document = Read(drawing);
  CHECK(document.text == "Flow\nMore\none\ntwo & more\nten");
  CHECK(document.properties.title == "T");
  CHECK_FALSE(document.damaged_partly);
}

TEST_CASE("a page that cannot be read costs itself") {
  const Entries drawing{{"[Content_Types].xml", "<Types/>"},
                        {"visio/document.xml", "<VisioDocument/>"},
                        {"visio/pages/page1.xml", "<PageContents><Text>cut"},
                        {"visio/pages/page2.xml", Page("whole")}};
  const ParsedDocument document = Read(drawing);
  CHECK(document.text == "cut\nwhole");
  CHECK(document.damaged_partly);
}

TEST_CASE("an XPS document is the text of its pages") {
  const ParsedDocument document = Read({{"[Content_Types].xml", "<Types/>"},
                                        {"FixedDocSeq.fdseq", "<FixedDocumentSequence/>"},
                                        {"Documents/1/Pages/10.fpage", Glyphs("last")},
                                        {"Documents/1/Pages/2.fpage", Glyphs("{}{braces}")},
                                        {"Documents/1/Pages/1.fpage", Glyphs("first")}});
  CHECK(document.text == "first\n{braces}\nlast");
}

TEST_CASE("documents of OpenOffice 1 are read as their successors are") {
  const auto old = [](const std::string& kind, const std::string& body) {
    return Entries{
        {"mimetype", "application/vnd.sun.xml." + kind},
        {"content.xml",
         "<!DOCTYPE office:document-content PUBLIC '-//OpenOffice.org//DTD' 'office.dtd'>"
         "<office:document-content xmlns:office='urn:o' xmlns:text='urn:t' "
         "xmlns:table='urn:x' office:class='" +
             std::string(kind == "calc" ? "spreadsheet" : "text") + "'><office:body>" + body +
             "</office:body></office:document-content>"}};
  };
  CHECK(Read(old("writer", "<text:p>a</text:p><text:p>b</text:p>")).text == "a\nb");
  CHECK(Read(old("calc",
                 "<table:table table:name='S'><table:table-row><table:table-cell><text:p>x</text:p>"
                 "</table:table-cell><table:table-cell><text:p>y</text:p></table:table-cell>"
                 "</table:table-row></table:table>"))
            .text == "S\nx\ty");
}

}  // namespace dbxes::parsers

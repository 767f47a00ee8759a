// SPDX-License-Identifier: Apache-2.0
#include "parsers/xml_document.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/parse_document.h"

namespace dbxes::parsers {
namespace {

Parsed<ParsedDocument> Parse(const std::string& bytes) {
  return ParseDocument(bytes, DocumentForm::kFile, {});
}

ParsedDocument Read(const std::string& bytes) {
  auto document = Parse(bytes);
  REQUIRE(document);
  CHECK_FALSE(document->damaged_partly);
  return *std::move(document);
}

}  // namespace

TEST_CASE("a book of FictionBook is its text, in the encoding that it declares") {
  const ParsedDocument book = Read(
      "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<FictionBook "
      "xmlns:l='urn:l'><description><title-info><author><first-name>Ann</first-name>"
      "<last-name>Lee</last-name></author><book-title>\xcc\xe8\xf0</book-title><annotation><p>about"
      "</p></annotation><lang>ru</lang></title-info><document-info><author><nickname>x</nickname>"
      "</author><p>no</p></document-info></description><body><title><p>One</p></"
      "title><section><p>a "
      "<strong>b</strong>\n "
      "c</p><empty-line/><poem><stanza><v>v</v></stanza></poem></section></body>"
      "<binary id='i'>AAAA</binary></FictionBook>");
  CHECK(book.text == "about\nOne\na b\n c\nv");
  CHECK(book.properties.title == "\u041c\u0438\u0440");
  CHECK(book.properties.author == "Ann Lee");
  CHECK(book.properties.language == "ru");
}

TEST_CASE("OpenDocument may be a file without an archive") {
  const ParsedDocument text = Read(
      "<?xml version='1.0'?><office:document xmlns:office='urn:o' xmlns:text='urn:t' "
      "xmlns:dc='urn:dc' xmlns:meta='urn:m' xmlns:draw='urn:d'><office:meta><dc:title>T</dc:title>"
      "<meta:initial-creator>Ann</meta:initial-creator><dc:creator>Bo</dc:creator></office:meta>"
      "<office:body><office:text><text:p>a<draw:frame><draw:image><office:binary-data>QUJD"
      "</office:binary-data></draw:image></draw:frame></text:p><text:p>b<text:s "
      "text:c='2'/>c</text:p>"
      "</office:text></office:body></office:document>");
  CHECK(text.text == "a\nb  c");
  CHECK(text.properties.title == "T");
  CHECK(text.properties.author == "Ann");
  CHECK(Read("<office:document xmlns:office='urn:o' xmlns:text='urn:t' xmlns:table='urn:x'>"
             "<office:body><office:spreadsheet><table:table table:name='S'><table:table-row>"
             "<table:table-cell><text:p>x</text:p></table:table-cell><table:table-cell><text:p>y"
             "</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>"
             "</office:body></office:document>")
            .text == "S\nx\ty");
}

TEST_CASE("the XML of Office 2003 is read") {
  const ParsedDocument letter = Read(
      "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:wordDocument xmlns:w='urn:w' "
      "xmlns:o='urn:o'><o:DocumentProperties><o:Title>T</o:Title><o:Author>Ann</o:Author>"
      "</o:DocumentProperties><w:body><w:p><w:r><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r></w:p>"
      "<w:p><w:r><w:pict><w:binData>QUJD</w:binData></w:pict><w:t>c</w:t></w:r></w:p></w:body>"
      "</w:wordDocument>");
  CHECK(letter.text == "ab\nc");
  CHECK(letter.properties.title == "T");
  CHECK(letter.properties.author == "Ann");
  CHECK(
      Read("<?xml version='1.0'?><Workbook xmlns:ss='urn:s'><Worksheet><Table><Row><Cell><Data>1"
           "</Data></Cell><Cell><Data>two</Data></Cell></Row><Row><Cell><Data>3</Data></Cell></Row>"
           "</Table></Worksheet></Workbook>")
          .text == "1\ttwo\n3");
}

TEST_CASE("a page that a program saved under the name of a document is read as a page") {
  const ParsedDocument page = Read(
      "<html xmlns:o=\"urn:o\"><head><meta "
      "charset=windows-1251><title>T</title></head><body><table>"
      "<tr><td>\xcc\xe8\xf0<td>2</table>");
  CHECK(page.text == "\u041c\u0438\u0440 2");
  CHECK(page.properties.title == "T");
}

TEST_CASE("other XML, and what breaks off, says so") {
  CHECK(Parse("<?xml version='1.0'?><a>b</a>").error() == Unreadable::kUnsupported);
  CHECK(Parse("<no xml").error() == Unreadable::kDamaged);
  CHECK(Parse("<!DOCTYPE FictionBook [<!ENTITY a 'b'>]><FictionBook/>").error() ==
        Unreadable::kDamaged);
  const auto cut = Parse("<FictionBook><body><p>kept</p><p>al");
  REQUIRE(cut);
  CHECK(cut->text == "kept\nal");
  CHECK(cut->damaged_partly);
}

}  // namespace dbxes::parsers

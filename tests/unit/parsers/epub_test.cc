// SPDX-License-Identifier: Apache-2.0
// EPUB books.
#include "parsers/epub.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {

TEST_CASE("a book is its chapters in the order of the spine") {
  const std::string bytes = ZipOf(
      {{"mimetype", "application/epub+zip"},
       {"META-INF/container.xml", "<c><rootfiles><rootfile full-path='o/p.opf'/></rootfiles></c>"},
       {"o/p.opf",
        "<package "
        "xmlns:dc='urn:dc'><metadata><dc:title>Birds</dc:title><dc:creator>Ann</dc:creator>"
        "<dc:language>en</dc:language></metadata><manifest><item id='a' href='a%20b.xhtml'/>"
        "<item id='z' href='z.xhtml#x'/></manifest><spine><itemref idref='z'/><itemref idref='a'/>"
        "<itemref idref='none'/></spine></package>"},
       {"o/a b.xhtml", "<html><p>second</p></html>"},
       {"o/z.xhtml", "<!DOCTYPE html><html><p>caf&eacute;</p></html>"}});
  const auto book = ParseDocument(bytes, DocumentForm::kFile, {});
  REQUIRE(book);
  CHECK(book->text == "caf\u00e9\nsecond");
  CHECK(book->properties.title == "Birds");
  CHECK(book->properties.author == "Ann");
  CHECK(book->properties.language == "en");
}

}  // namespace dbxes::parsers

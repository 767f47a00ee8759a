// SPDX-License-Identifier: Apache-2.0
#include "parsers/parse_document.h"

#include <doctest/doctest.h>

#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

Unreadable ReasonFor(const std::string& bytes) {
  const auto document = ParseDocument(bytes, DocumentForm::kFile, {});
  REQUIRE_FALSE(document);
  return document.error();
}

}  // namespace

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

TEST_CASE("what pdftotext prints is taken apart") {
  const auto read = [](const std::string& printed) {
    return ParseDocument(printed, DocumentForm::kPdfText, {});
  };
  const auto pdf = read(
      "<html><head><title>Ebb &amp; flow</title>\n<meta name=\"Author\" content=\"J "
      "&quot;X&quot;\"/>"
      "</head>\n<body>\n<pre>\na < b </pre> \xff c\n</pre>\n</body></html>");
  REQUIRE(pdf);
  CHECK(pdf->text == "a < b </pre> \ufffd c");
  CHECK(pdf->properties.title == "Ebb & flow");
  CHECK(pdf->properties.author == "J \"X\"");
  const auto cut = read("<html><pre>\nhalf a li");
  REQUIRE(cut);
  CHECK(cut->text == "half a li");
  CHECK(read("no such thing").error() == Unreadable::kDamaged);
}

TEST_CASE("text is cut where the limit is") {
  ParseLimits limits;
  limits.max_text_bytes = 10;
  const auto document =
      ParseDocument(Docx(Words("twelve bytes") + Words("more")), DocumentForm::kFile, limits);
  REQUIRE(document);
  CHECK(document->text == "twelve byt");
  CHECK(document->truncated);
}

TEST_CASE("the bytes decide what a file is, and why it is not read") {
  CHECK(ReasonFor("") == Unreadable::kDamaged);
  CHECK(ReasonFor("just text") == Unreadable::kDamaged);
  CHECK(ReasonFor("PK\x03\x04 and no more") == Unreadable::kDamaged);
  CHECK(ReasonFor(ZipOf({{"a.txt", "a plain archive"}})) == Unreadable::kUnsupported);
  const std::string old = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 WordDocument";
  CHECK(ReasonFor(old) == Unreadable::kUnsupported);
  std::string wide;
  for (const char c : std::string("EncryptedPackage")) (wide += c) += '\0';
  CHECK(ReasonFor(old + wide) == Unreadable::kEncrypted);
  CHECK(IsPdf("%PDF-1.7"));
  CHECK(IsPdf(std::string(1000, ' ') + "%PDF-1.7"));
  CHECK_FALSE(IsPdf(std::string(1024, ' ') + "%PDF-1.7"));
}

}  // namespace dbxes::parsers

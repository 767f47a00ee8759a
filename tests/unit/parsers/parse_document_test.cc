// SPDX-License-Identifier: Apache-2.0
#include "parsers/parse_document.h"

#include <doctest/doctest.h>

#include "support/compound_files.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

Unreadable ReasonFor(const std::string& bytes) {
  const auto document = ParseDocument(bytes, DocumentForm::kFile, {});
  REQUIRE_FALSE(document);
  return document.error();
}

}  // namespace

TEST_CASE("text is cut where the limit is") {
  ParseLimits limits;
  limits.max_text_bytes = 10;
  const auto document =
      ParseDocument(Docx(Words("twelve bytes") + Words("more")), DocumentForm::kFile, limits);
  REQUIRE(document);
  CHECK(document->text == "twelve byt");
  CHECK(document->truncated);
}

TEST_CASE("an archive is the names of its entries, where that is asked for") {
  const auto names = [](const std::string& bytes) {
    return ParseDocument(bytes, DocumentForm::kArchiveNames, {});
  };
  const auto list =
      names(ZipOf({{"2024/Offer to Fabrikam.docx", "x"}, {"2024/", ""}, {"b.txt", ""}}));
  REQUIRE(list);
  CHECK(list->text.find("2024/Offer to Fabrikam.docx") != std::string::npos);
  CHECK(list->text.find("b.txt") != std::string::npos);
  CHECK(list->text.find("2024/\n") == std::string::npos);
  CHECK(list->properties.title == "");
  const auto broken = names("PK\x03\x04 and no more");
  REQUIRE_FALSE(broken);
  CHECK(broken.error() == Unreadable::kDamaged);
}

TEST_CASE("plain text under the name of a document is read, in any encoding") {
  const auto text = [](const std::string& bytes) {
    return ParseDocument(bytes, DocumentForm::kFile, {}).value_or(ParsedDocument{}).text;
  };
  CHECK(text("Item\tPrice\nquinces\t4\n") == "Item\tPrice\nquinces\t4");
  CHECK(text("\xff\xfe" + Wide("quinces\t4")) == "quinces\t4");
  CHECK(text("Die M\xfc\x68le steht am Fluss, und der M\xfcller schl\xe4\x66t.") ==
        "Die M\u00fchle steht am Fluss, und der M\u00fcller schl\u00e4ft.");
}

TEST_CASE("a PDF is known by its beginning or by its end") {
  const std::string end = "\nstartxref\n9\n%%EOF\n";
  CHECK(IsPdf("junk %PDF-1.4"));
  CHECK(IsPdf(std::string(5000, 'a') + "%PDF-1.4" + end));
  CHECK_FALSE(IsPdf("see startxref"));
  CHECK_FALSE(IsPdf(end + std::string(2000, 'a')));
  CHECK_FALSE(IsPdf(""));
}

TEST_CASE("a file of another format that contains a PDF is none") {
  const std::string end = "\nstartxref\n9\n%%EOF\n";
  CHECK_FALSE(IsPdf(CompoundOf({{"WordDocument", std::string(5000, 'a')}}) + end));
  CHECK_FALSE(IsPdf("PK\x03\x04" + std::string(100, 'a') + "%PDF-1.4" + end));
  CHECK_FALSE(IsPdf("{\\rtf1 " + std::string(2000, 'a') + end));
  CHECK_FALSE(IsPdf("Subject: a letter\n\n" + std::string(2000, 'a') + end));
  CHECK_FALSE(IsPdf("Subject: it begins with %PDF-1.4\n\nAnd it did."));
  CHECK_FALSE(IsPdf("<html>" + std::string(2000, 'a') + end));
  // What a browser or a server has put before one.
  CHECK(IsPdf("Date: today\r\nSubject: x\r\n\r\n%PDF-1.4" + std::string(2000, 'a') + end));
}

TEST_CASE("the bytes decide what a file is, and why it is not read") {
  CHECK(ReasonFor("") == Unreadable::kDamaged);
  CHECK(ReasonFor(std::string("some\0bytes", 10)) == Unreadable::kDamaged);
  CHECK(ReasonFor("PK\x03\x04 and no more") == Unreadable::kDamaged);
  CHECK(ReasonFor(ZipOf({{"a.txt", "a plain archive"}})) == Unreadable::kUnsupported);
  const std::string old = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 WordDocument";
  CHECK(ReasonFor(old) == Unreadable::kDamaged);
  CHECK(ReasonFor(CompoundOf({{"VisioDocument", "x"}})) == Unreadable::kUnsupported);
  std::string wide;
  for (const char c : std::string("EncryptedPackage")) (wide += c) += '\0';
  CHECK(ReasonFor(old + wide) == Unreadable::kEncrypted);
  CHECK(IsPdf("%PDF-1.7"));
  CHECK(IsPdf(std::string(1000, ' ') + "%PDF-1.7"));
  CHECK_FALSE(IsPdf(std::string(1024, ' ') + "%PDF-1.7"));
}

}  // namespace dbxes::parsers

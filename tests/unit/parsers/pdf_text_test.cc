// SPDX-License-Identifier: Apache-2.0
// The output of pdftotext.
#include "parsers/pdf_text.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/parse_document.h"

namespace dbxes::parsers {

TEST_CASE("the output of pdftotext is split into properties and text") {
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

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// Paragraphs and runs.
#include "parsers/run_text.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {

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

}  // namespace dbxes::parsers

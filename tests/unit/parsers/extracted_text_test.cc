// SPDX-License-Identifier: Apache-2.0
// What a parsed document becomes for everybody else.
#include "parsers/extracted_text.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::parsers {
namespace {

ParsedDocument Document(std::string text) {
  ParsedDocument document;
  document.text = std::move(text);
  document.properties = {"Title", "Ann", "en"};
  return document;
}

}  // namespace

TEST_CASE("text is cleaned and cut, and properties are kept") {
  const auto text = ToExtractedText(Parsed<ParsedDocument>(Document("a\r\nb\x01 c")),
                                    content::TextFormat::kParsed, {3, false});
  REQUIRE(text);
  CHECK(text->text == "a\nb");
  CHECK(text->truncated);
  CHECK(text->title == "Title");
  CHECK(text->author == "Ann");
  CHECK(text->language == "en");
}

TEST_CASE("text that the parser cut stays marked as cut") {
  ParsedDocument document = Document("short");
  document.truncated = true;
  const auto text =
      ToExtractedText(Parsed<ParsedDocument>(document), content::TextFormat::kParsed, {});
  REQUIRE(text);
  CHECK(text->truncated);
}

TEST_CASE("a file that has no text is a rejected document, with a tag where somebody can act") {
  const struct {
    Unreadable reason;
    std::string_view tag;
  } rows[] = {{Unreadable::kDamaged, ""},
              {Unreadable::kUnsupported, ""},
              {Unreadable::kEncrypted, kEncryptedTag},
              {Unreadable::kTooComplex, kParserTag},
              {Unreadable::kCrashed, kParserTag}};
  for (const auto& row : rows) {
    const auto text = ToExtractedText(Parsed<ParsedDocument>(tl::unexpected(row.reason)),
                                      content::TextFormat::kParsed, {});
    REQUIRE_FALSE(text);
    CHECK(text.error().kind == ErrorKind::kRejectedDocument);
    CHECK(text.error().tag == row.tag);
    CHECK(text.error().message == ToString(row.reason));
  }
}

TEST_CASE("an error of the machine stays one") {
  const auto text =
      ToExtractedText(Fail(ErrorKind::kInternal, "no process"), content::TextFormat::kParsed, {});
  REQUIRE_FALSE(text);
  CHECK(text.error().kind == ErrorKind::kInternal);
}

}  // namespace dbxes::parsers

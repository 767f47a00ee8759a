// SPDX-License-Identifier: Apache-2.0
#include "parsers/extracted_text.h"

#include <string>
#include <utility>

namespace dbxes::parsers {
namespace {

std::string_view TagOf(Unreadable reason) {
  if (reason == Unreadable::kEncrypted) return kEncryptedTag;
  const bool parser = reason == Unreadable::kTooComplex || reason == Unreadable::kCrashed;
  return parser ? kParserTag : "";
}

}  // namespace

Result<content::ExtractedText> ToExtractedText(Result<Parsed<ParsedDocument>> outcome,
                                               const content::TextLimits& limits) {
  TRY_ASSIGN(Parsed<ParsedDocument> parsed, std::move(outcome));
  if (!parsed) {
    Error error{ErrorKind::kRejectedDocument, std::string(ToString(parsed.error()))};
    error.tag = TagOf(parsed.error());
    return Fail(std::move(error));
  }
  ParsedDocument& document = *parsed;
  content::ExtractedText text;
  text.text = std::move(document.text);
  const bool cut = content::CleanText(text.text, limits);
  text.truncated = cut || document.truncated;
  text.title = std::move(document.properties.title);
  text.author = std::move(document.properties.author);
  text.language = std::move(document.properties.language);
  return text;
}

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
#include "parsers/extracted_text.h"

#include <string>
#include <utility>

#include "base/utf8.h"
#include "content/charset.h"

namespace dbxes::parsers {
namespace {

// What a guess needs at least, and what is enough for one, in bytes.
constexpr std::size_t kShortestSample = 40;
constexpr std::size_t kLongestSample = std::size_t{4} << 10;

std::string_view TagOf(Unreadable reason) {
  if (reason == Unreadable::kEncrypted) return kEncryptedTag;
  if (reason == Unreadable::kNotText) return kNotTextTag;
  const bool parser = reason == Unreadable::kTooComplex || reason == Unreadable::kCrashed;
  return parser ? kParserTag : "";
}

}  // namespace

std::optional<DocumentForm> FormToParse(std::string_view bytes, content::TextFormat format) {
  using content::TextFormat;
  if (format == TextFormat::kArchive) return DocumentForm::kArchiveNames;
  if (format == TextFormat::kPicture) return DocumentForm::kPicture;
  if (content::NeedsParser(format)) return DocumentForm::kFile;
  if (format == TextFormat::kOpaque || !content::NeedsConversion(bytes)) return std::nullopt;
  return format == TextFormat::kPlain ? DocumentForm::kText : DocumentForm::kMarkup;
}

Result<content::ExtractedText> ToExtractedText(Result<Parsed<ParsedDocument>> outcome,
                                               content::TextFormat format,
                                               const content::TextLimits& limits) {
  TRY_ASSIGN(Parsed<ParsedDocument> parsed, std::move(outcome));
  if (!parsed) {
    Error error{ErrorKind::kRejectedDocument, std::string(ToString(parsed.error()))};
    error.tag = TagOf(parsed.error());
    return Fail(std::move(error));
  }
  ParsedDocument& document = *parsed;
  content::ExtractedText text;
  if (!content::NeedsParser(format)) {
    auto read = content::ExtractText(std::move(document.text), format, limits);
    if (!read) return ToExtractedText(tl::unexpected(Unreadable::kNotText), format, limits);
    read->truncated |= document.truncated;
    return *std::move(read);
  }
  text.text = std::move(document.text);
  const bool cut = content::CleanText(text.text, limits);
  text.truncated = cut || document.truncated;
  text.damaged_partly = document.damaged_partly;
  text.ocr_time = document.ocr_time;
  text.ocr_postponed = document.ocr_postponed;
  text.title = std::move(document.properties.title);
  text.author = std::move(document.properties.author);
  text.language = std::move(document.properties.language);
  return text;
}

bool HasLanguageToGuess(const content::ExtractedText& text) {
  return text.language.empty() && text.text.size() >= kShortestSample;
}

std::string_view LanguageSample(std::string_view text) { return CutUtf8(text, kLongestSample); }

Result<content::ExtractedText> WithLanguage(content::ExtractedText text,
                                            Result<Parsed<ParsedDocument>> guess) {
  TRY_ASSIGN(Parsed<ParsedDocument> parsed, std::move(guess));
  if (parsed) text.language = std::move(parsed->properties.language);
  return text;
}

}  // namespace dbxes::parsers

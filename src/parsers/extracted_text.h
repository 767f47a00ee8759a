// SPDX-License-Identifier: Apache-2.0
// Converts the outcome of parsing into the result that all ways of extracting text share.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "content/clean_text.h"
#include "content/extract_text.h"
#include "parsers/parsed_document.h"

namespace dbxes::parsers {

// Tags of kRejectedDocument: protected with a password; or beyond the limits of a parser or a crash
// of it. Files that are only damaged or of an unknown format have no tag.
inline constexpr std::string_view kEncryptedTag = "encrypted";
inline constexpr std::string_view kParserTag = "parser";
// Its bytes are text in no encoding.
inline constexpr std::string_view kNotTextTag = "not_text";

// How a parser has to read a file of this format; nothing if it needs none. Text needs one where
// its encoding has to be converted.
std::optional<DocumentForm> FormToParse(std::string_view bytes, content::TextFormat format);

// The text, cleaned within its limits. For text and markup, `outcome` has the file in UTF-8.
Result<content::ExtractedText> ToExtractedText(Result<Parsed<ParsedDocument>> outcome,
                                               content::TextFormat format,
                                               const content::TextLimits& limits);

// Whether a text is worth a guess: it names no language, and is not too short.
bool HasLanguageToGuess(const content::ExtractedText& text);

// The part of a text that DocumentForm::kLanguage gets: whole characters from its start.
std::string_view LanguageSample(std::string_view text);

// The text with the guess of a parser. A text whose language cannot be guessed has none; an error
// means that no process could be started.
Result<content::ExtractedText> WithLanguage(content::ExtractedText text,
                                            Result<Parsed<ParsedDocument>> guess);

}  // namespace dbxes::parsers

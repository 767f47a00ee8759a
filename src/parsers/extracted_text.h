// SPDX-License-Identifier: Apache-2.0
// Converts the outcome of parsing into the result that all ways of extracting text share.
#pragma once

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

// The text, cleaned within its limits.
Result<content::ExtractedText> ToExtractedText(Result<Parsed<ParsedDocument>> outcome,
                                               const content::TextLimits& limits);

}  // namespace dbxes::parsers

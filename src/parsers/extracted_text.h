// SPDX-License-Identifier: Apache-2.0
// What comes of parsing, in the words of those who do not care how a text was had.
#pragma once

#include <string_view>

#include "base/result.h"
#include "content/clean_text.h"
#include "content/extract_text.h"
#include "parsers/parsed_document.h"

namespace dbxes::parsers {

// Tags of kRejectedDocument: closed with a password; or too much for a parser, or its end. Files
// that are merely damaged or unknown have none.
inline constexpr std::string_view kEncryptedTag = "encrypted";
inline constexpr std::string_view kParserTag = "parser";

// The text, cleaned within its limits.
Result<content::ExtractedText> ToExtractedText(Result<Parsed<ParsedDocument>> outcome,
                                               const content::TextLimits& limits);

}  // namespace dbxes::parsers

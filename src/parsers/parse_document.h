// SPDX-License-Identifier: Apache-2.0
// Reads the text of a file that needs a parser. The file's first bytes decide its format, not its
// name. Files are untrusted, so this runs only in worker processes (parsers/parser_pool.h).
#pragma once

#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

Parsed<ParsedDocument> ParseDocument(std::string_view bytes, DocumentForm form,
                                     const ParseLimits& limits);

// Adds the text of a document within another one. What that one contains is not read.
Parsed<void> ParseEmbedded(std::string_view bytes, const ParseLimits& limits, TextSink& sink);

// Whether the bytes begin like a PDF, or at least end like one, and not like a file of another
// format that has a PDF within. Programs search for the marks in the first and the last 1024 bytes.
bool IsPdf(std::string_view bytes);

}  // namespace dbxes::parsers

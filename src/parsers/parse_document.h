// SPDX-License-Identifier: Apache-2.0
// The text of a file that needs a parser. Its first bytes decide what it is, not its name. The
// files are untrusted: this runs in worker processes alone (parsers/parser_pool.h).
#pragma once

#include <string_view>

#include "parsers/parsed_document.h"

namespace dbxes::parsers {

enum class DocumentForm : std::uint8_t {
  kFile,     // the file as it is: Office Open XML, OpenDocument or EPUB
  kPdfText,  // what pdftotext printed of it
};

Parsed<ParsedDocument> ParseDocument(std::string_view bytes, DocumentForm form,
                                     const ParseLimits& limits);

// Begins it as a PDF does? Programs look for the mark in the first 1024 bytes.
bool IsPdf(std::string_view bytes);

}  // namespace dbxes::parsers

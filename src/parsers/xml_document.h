// SPDX-License-Identifier: Apache-2.0
// Reads documents that are one file of XML: FictionBook, OpenDocument without an archive, and the
// XML of Word 2003 and Excel 2003.
#pragma once

#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// Whether the bytes begin like XML or HTML, in an encoding with ASCII's signs or in UTF-16.
bool IsMarkup(std::string_view bytes);

// By its outermost element; kUnsupported if it is not one of these documents. HTML under another
// name is read as the page that it is.
Parsed<DocumentProperties> ParseMarkup(std::string_view bytes, TextSink& sink);

}  // namespace dbxes::parsers

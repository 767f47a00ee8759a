// SPDX-License-Identifier: Apache-2.0
// What `pdftotext -htmlmeta` prints: properties as HTML, and between <pre> and </pre> the text as
// it is, unescaped.
#pragma once

#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

Parsed<DocumentProperties> ParsePdfText(std::string_view printed, TextSink& sink);

}  // namespace dbxes::parsers

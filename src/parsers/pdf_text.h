// SPDX-License-Identifier: Apache-2.0
// Reads the output of `pdftotext -htmlmeta`: properties as HTML, and the unescaped text between
// <pre> and </pre>.
#pragma once

#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

Parsed<DocumentProperties> ParsePdfText(std::string_view printed, TextSink& sink);

}  // namespace dbxes::parsers

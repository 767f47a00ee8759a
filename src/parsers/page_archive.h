// SPDX-License-Identifier: Apache-2.0
// Reads archives whose text is on pages: drawings of Visio ([MS-VSDX]) and XPS documents
// (ECMA-388).
#pragma once

#include "parsers/archive.h"
#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

bool IsVisioDrawing(const Archive& archive);
// Adds the names of the pages and the text of each, in the order of their numbers.
Parsed<DocumentProperties> ParseVisioDrawing(Archive& archive, TextSink& sink);

bool IsXps(const Archive& archive);
Parsed<DocumentProperties> ParseXps(Archive& archive, TextSink& sink);

}  // namespace dbxes::parsers

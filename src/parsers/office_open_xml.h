// SPDX-License-Identifier: Apache-2.0
// Text of documents, workbooks and presentations in Office Open XML, in reading order; notes and
// comments follow the text that they belong to. The extension does not matter.
#pragma once

#include <string>

#include "parsers/archive.h"
#include "parsers/relationships.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

Parsed<DocumentProperties> ParseOfficeOpenXml(Archive& archive, TextSink& sink);

// Reads a workbook whose main part is `part` (defined in parsers/workbook.cc).
Parsed<void> ReadWorkbook(Archive& archive, const std::string& part,
                          const std::vector<Relationship>& relationships, TextSink& sink);

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// Documents, workbooks and presentations in Office Open XML, whatever their extension says: text in
// reading order, with notes and comments behind what they belong to.
#pragma once

#include <string>

#include "parsers/archive.h"
#include "parsers/relationships.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

Parsed<DocumentProperties> ParseOfficeOpenXml(Archive& archive, TextSink& sink);

// `part` is the workbook's, with its relationships (parsers/workbook.cc).
Parsed<void> ReadWorkbook(Archive& archive, const std::string& part,
                          const std::vector<Relationship>& relationships, TextSink& sink);

}  // namespace dbxes::parsers

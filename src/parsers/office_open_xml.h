// SPDX-License-Identifier: Apache-2.0
// Text of documents, workbooks and presentations in Office Open XML, in reading order; notes and
// comments follow the text that they belong to. The extension does not matter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/archive.h"
#include "parsers/relationships.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// Parts that cannot be read are noted in `sink`, and the others are read all the same.
Parsed<DocumentProperties> ParseOfficeOpenXml(Archive& archive, TextSink& sink);

// Reads a workbook whose main part is `part` (defined in parsers/workbook.cc).
void ReadWorkbook(Archive& archive, const std::string& part,
                  const std::vector<Relationship>& relationships, TextSink& sink);

// The parts of a list by their ids. Where the list could not be read to its end, those of `type`
// that it has not named follow.
std::vector<std::string> PartsOfList(const std::vector<std::string>& ids, bool complete,
                                     const std::vector<Relationship>& relationships,
                                     std::string_view type);

}  // namespace dbxes::parsers

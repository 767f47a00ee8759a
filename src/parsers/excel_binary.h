// SPDX-License-Identifier: Apache-2.0
// Reads workbooks of Excel 3 to 2003 ([MS-XLS], BIFF3 to BIFF8).
#pragma once

#include "parsers/compound_file.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// Adds the name of each sheet, its cells by row, and the text of comments, boxes and charts.
// Numbers are written as in workbooks of later versions.
Parsed<void> ReadExcelWorkbook(const CompoundFile& file, TextSink& sink);

// Excel before version 5 wrote one sheet, without a compound file around it.
bool IsExcelStream(std::string_view bytes);
Parsed<void> ReadExcelStream(std::string_view bytes, TextSink& sink);

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// Reads workbooks of Excel 5 to 2003 ([MS-XLS], BIFF5 and BIFF8).
#pragma once

#include "parsers/compound_file.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// Adds the name of each sheet, its cells by row, and the text of comments, boxes and charts.
// Numbers are written as in workbooks of later versions.
Parsed<void> ReadExcelWorkbook(const CompoundFile& file, TextSink& sink);

}  // namespace dbxes::parsers

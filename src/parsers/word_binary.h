// SPDX-License-Identifier: Apache-2.0
// Reads documents of Word 97 to 2003 ([MS-DOC]), and of Word 6 and 95.
#pragma once

#include "parsers/compound_file.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// Adds the main text, then footnotes, headers, comments, endnotes and text boxes. kUnsupported for
// a document of Word 2 or older.
Parsed<void> ReadWordDocument(const CompoundFile& file, TextSink& sink);

}  // namespace dbxes::parsers

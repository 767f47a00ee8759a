// SPDX-License-Identifier: Apache-2.0
// Reads presentations of PowerPoint 97 to 2003 ([MS-PPT]).
#pragma once

#include "parsers/compound_file.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// Adds the text of each slide, in their order, then that of the notes. Masters, whose text is
// "Click to edit", and what older versions of the file left behind are not read.
Parsed<void> ReadPowerPointPresentation(const CompoundFile& file, TextSink& sink);

}  // namespace dbxes::parsers

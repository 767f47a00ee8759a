// SPDX-License-Identifier: Apache-2.0
// Reads Rich Text Format (RTF Specification 1.9.1), each text in the code page of its font.
#pragma once

#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

bool IsRtf(std::string_view bytes);

// Adds the text to `sink`: body, notes, headers, text boxes and comments, where they stand.
// Pictures, instructions of fields and deleted text are left out. Title and author are those of
// \info.
DocumentProperties ParseRtf(std::string_view bytes, TextSink& sink);

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// Reads a document within another one, such as an attachment of a mail.
#pragma once

#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// Adds the text of the file within a file to `sink`, if its name and bytes are of a format that is
// read. What it contains itself is not read: one level is enough for people, and no file can make
// the work grow. A PDF needs another program: the sink keeps it.
void ReadEmbedded(std::string_view bytes, std::string_view name, const ParseLimits& limits,
                  TextSink& sink);

}  // namespace dbxes::parsers

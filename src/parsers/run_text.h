// SPDX-License-Identifier: Apache-2.0
// Reads parts made of paragraphs and runs (WordprocessingML and DrawingML): the bodies of
// documents, slides, notes, comments and drawings (ECMA-376, part 1).
#pragma once

#include <string>

#include "parsers/archive.h"
#include "parsers/relationships.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

Parsed<void> ReadRunText(Archive& archive, const std::string& part, TextSink& sink);

// The same for all parts with one of these types, in order. The sink notes those that are missing
// or cannot be read.
void ReadRelatedText(Archive& archive, const std::vector<Relationship>& relationships,
                     const std::vector<std::string_view>& types, TextSink& sink);

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// Reads parts made of paragraphs and runs (WordprocessingML and DrawingML): the bodies of
// documents, slides, notes, comments, drawings, diagrams and charts (ECMA-376, part 1).
#pragma once

#include <functional>
#include <string>

#include "parsers/archive.h"
#include "parsers/numbering.h"
#include "parsers/relationships.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// What the body of a document has besides.
struct RunTextHooks {
  Numbering* numbering = nullptr;  // null: paragraphs of lists have no numbers
  // Reads the text of another part, where it is imported, by the id of its relationship.
  std::function<void(std::string_view id)> on_chunk = {};
  // Of a master or layout of slides: places that slides fill contain instructions.
  bool skip_placeholders = false;
};

Parsed<void> ReadRunText(Archive& archive, const std::string& part, TextSink& sink,
                         const RunTextHooks& hooks = {});

// The same for all parts with one of these types, in order. The sink notes those that are missing
// or cannot be read.
void ReadRelatedText(Archive& archive, const std::vector<Relationship>& relationships,
                     const std::vector<std::string_view>& types, TextSink& sink);

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// What an Office Open XML document contains in other formats: whole documents (ECMA-376, part 1,
// 15.2.10: Embedded Package Part) and imported texts (17.17.2: altChunk).
#pragma once

#include <string>
#include <vector>

#include "parsers/archive.h"
#include "parsers/relationships.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// The text of documents in Office Open XML within this one; not of those within them.
void ReadEmbeddedParts(Archive& archive, const std::vector<Relationship>& relationships,
                       TextSink& sink);

// The text of a part with imported HTML, plain text or a document; `sink` notes other formats.
void ReadChunk(Archive& archive, const std::string& part, TextSink& sink);

}  // namespace dbxes::parsers

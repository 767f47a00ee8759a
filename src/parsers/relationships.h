// SPDX-License-Identifier: Apache-2.0
// Which parts of an Office Open XML document belong to a part of it (ECMA-376, part 2:
// relationships), in the order of its .rels entry.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/archive.h"

namespace dbxes::parsers {

struct Relationship {
  std::string id;
  std::string type;  // the last word of its URI: the same in both editions of the standard
  std::string part;  // name of the entry
};

// `part`: "" for the document as a whole. A part without relationships has none; what lies outside
// the document is left out.
Parsed<std::vector<Relationship>> ReadRelationships(Archive& archive, const std::string& part);

// The part with this id, "" if there is none.
std::string PartWithId(const std::vector<Relationship>& relationships, std::string_view id);
// The first part of this type, "" if there is none.
std::string PartOfType(const std::vector<Relationship>& relationships, std::string_view type);

// "../media/a.xml" as seen from "ppt/slides/b.xml": "ppt/media/a.xml".
std::string ResolvePart(std::string_view from, std::string_view target);

}  // namespace dbxes::parsers

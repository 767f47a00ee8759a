// SPDX-License-Identifier: Apache-2.0
// The parts of an Office Open XML document that belong to another part (ECMA-376, part 2:
// relationships), in the order of its .rels entry.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/archive.h"

namespace dbxes::parsers {

struct Relationship {
  std::string id;
  std::string type;  // the last component of its URI, which both editions of the standard share
  std::string part;  // name of the entry
};

// `part`: "" for the whole document. Relationships to targets outside the document are left out.
Parsed<std::vector<Relationship>> ReadRelationships(Archive& archive, const std::string& part);

// The part with this id, "" if there is none.
std::string PartWithId(const std::vector<Relationship>& relationships, std::string_view id);
// The first part of this type, "" if there is none.
std::string PartOfType(const std::vector<Relationship>& relationships, std::string_view type);

// "../media/a.xml" as seen from "ppt/slides/b.xml": "ppt/media/a.xml".
std::string ResolvePart(std::string_view from, std::string_view target);

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// The parts of an Office Open XML document that belong to another part (ECMA-376, part 2:
// relationships), in the order of its .rels entry.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsers/archive.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

// More of one part are left out.
inline constexpr std::size_t kMostRelationships = 4096;

struct Relationship {
  std::string id;
  std::string type;  // the last component of its URI, which both editions of the standard share
  std::string part;  // name of the entry
};

// `part`: "" for the whole document. Relationships to targets outside the document are left out.
// Where they cannot be read to their end, `sink` notes it.
std::vector<Relationship> ReadRelationships(Archive& archive, const std::string& part,
                                            TextSink& sink);
// For a damaged document: adds the parts in the folder of `part` by the names that Office gives
// them, without ids and in the order of their numbers, unless they are there already.
void AddPartsByName(const Archive& archive, const std::string& part,
                    std::vector<Relationship>& relationships);

// The parts by their ids, each with the first part that has it. Ids and parts belong to
// `relationships`.
using PartsById = std::unordered_map<std::string_view, std::string_view>;
PartsById IndexById(const std::vector<Relationship>& relationships);
// The part with this id, "" if there is none.
std::string PartWithId(const PartsById& parts, std::string_view id);
// The first part of this type, "" if there is none.
std::string PartOfType(const std::vector<Relationship>& relationships, std::string_view type);

// "../media/a.xml" as seen from "ppt/slides/b.xml": "ppt/media/a.xml".
std::string ResolvePart(std::string_view from, std::string_view target);

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// Whether the mapping of an index that exists can be used: it is judged by what dbx-es does with
// each field (index_mapping.h). Every error is kConfig, has the tag kMappingTag, and names the
// field, what is wrong with it and the command that fixes it. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/json.h"
#include "base/result.h"

namespace dbxes::elastic {

struct MappingNeeds {
  bool document_level_security = false;
  bool pipeline = false;  // an ingest pipeline is set: it may add fields of its own
};

struct MappingFindings {
  std::string id_field;               // IndexTarget::id_field
  std::vector<std::string> missing;   // content fields that the mapping lacks
  std::vector<std::string> warnings;  // what will fail for some documents
};

// Judges the `mappings` object of the index.
Result<MappingFindings> JudgeMapping(std::string_view index, const rapidjson::Value& mappings,
                                     MappingNeeds needs);

// The field to sort identity documents by, or "".
std::string AccessControlIdField(const rapidjson::Value& mappings);

}  // namespace dbxes::elastic

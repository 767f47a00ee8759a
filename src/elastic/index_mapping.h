// SPDX-License-Identifier: Apache-2.0
// The fields of the content index and their types, declared once. A new index is created with them,
// an existing one gets those that it lacks, and its mapping is checked against them. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/json.h"
#include "base/result.h"

namespace dbxes::elastic {

enum class FieldType {
  kText,
  kTextWithKeyword,  // `text` with a `keyword` sub-field, as dynamic mapping maps a string
  kKeyword,
  kLong,
  kDate,
  kBoolean,
};

struct FieldRow {
  std::string_view name;
  FieldType type;
};

inline constexpr FieldRow kContentFields[] = {
    // Fields of Elastic's connector, as dynamic mapping maps them: search applications use
    // `type.keyword`, and the query of an identity document uses `_allow_access_control.keyword`.
    {"id", FieldType::kTextWithKeyword},
    {"type", FieldType::kTextWithKeyword},
    {"name", FieldType::kTextWithKeyword},
    {"file_path", FieldType::kTextWithKeyword},
    {"url", FieldType::kTextWithKeyword},
    {"_allow_access_control", FieldType::kTextWithKeyword},
    {"body", FieldType::kText},
    {"size", FieldType::kLong},
    {"_timestamp", FieldType::kDate},
    // Fields of dbx-es.
    {"client_modified", FieldType::kDate},
    {"server_modified", FieldType::kDate},
    {"path_lower", FieldType::kKeyword},
    {"ancestors", FieldType::kKeyword},
    {"extension", FieldType::kKeyword},
    {"mime_type", FieldType::kKeyword},
    {"rev", FieldType::kKeyword},
    {"content_hash", FieldType::kKeyword},
    {"namespace_id", FieldType::kKeyword},
    {"shared_folder_id", FieldType::kKeyword},
    {"title", FieldType::kTextWithKeyword},
    {"author", FieldType::kTextWithKeyword},
    {"language", FieldType::kKeyword},
    {"body_truncated", FieldType::kBoolean},
    {"body_fingerprint", FieldType::kKeyword},
    {"permissions_fingerprint", FieldType::kKeyword},
    {"sync_fingerprint", FieldType::kKeyword},
    {"sync_seq", FieldType::kLong},
};

// `index.gc_deletes`: how long the index remembers the version of a document that was deleted. An
// attempt to create the document that a proxy held back for less than that cannot bring it back
// (ndjson_encoder.h). It costs about 200 bytes of memory for each deletion of that time.
inline constexpr std::string_view kGcDeletes = "1h";

// Bodies for PUT /{index}. Without `settings` if the service decides them itself.
std::string ContentIndexBody(bool with_settings);
std::string AccessControlIndexBody(bool with_settings);
// Body for PUT /{index}/_mapping with some of the content fields.
std::string MappingBody(const std::vector<std::string>& fields);

struct MappingFindings {
  std::string id_field;              // IndexTarget::id_field
  std::vector<std::string> missing;  // content fields that the mapping lacks
};

// Checks the `mappings` object of an index. kConfig (tag kMappingTag) names the field, its type and
// the type that it must have. Only the fields that dbx-es filters or sorts by must have a certain
// type.
Result<MappingFindings> JudgeMapping(const rapidjson::Value& mappings,
                                     bool document_level_security);
// The field to sort identity documents by, or "".
std::string AccessControlIdField(const rapidjson::Value& mappings);

}  // namespace dbxes::elastic

// SPDX-License-Identifier: Apache-2.0
// The fields of the content index, their types and what dbx-es does with them, declared once. A new
// index is created with them, an existing one gets those that it lacks, and its mapping is judged
// by them (mapping_judge.h). No I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/json.h"
#include "base/path_key.h"

namespace dbxes::elastic {

enum class FieldType {
  kText,
  kTextWithKeyword,  // `text` with a `keyword` sub-field, as dynamic mapping maps a string
  kKeyword,
  kLong,
  kDate,
  kBoolean,
};

// What dbx-es does with a field, besides writing it. The judgement of an existing mapping follows
// from it (mapping_judge.h).
enum FieldUse : unsigned {
  kShown = 0,            // nothing: search applications show it or search for it
  kMatched = 1u << 0,    // a query compares its values
  kExists = 1u << 1,     // a query asks whether it has a value
  kSorted = 1u << 2,     // hits are sorted by it
  kRead = 1u << 3,       // searches answer its doc values
  kRestricts = 1u << 4,  // decides who finds a document, where document level security is on
  kUnbounded = 1u << 5,  // nothing, but its values may be longer than a term of Lucene
};

struct FieldRow {
  std::string_view name;
  FieldType type;
  unsigned uses = kShown;
  // What a keyword must be able to hold, in UTF-16 code units: the longest value that dbx-es writes
  // to a field that it uses.
  std::size_t longest = 0;
};

inline constexpr FieldRow kContentFields[] = {
    // Fields of Elastic's connector, as dynamic mapping maps them: search applications use
    // `type.keyword`, and the query of an identity document uses `_allow_access_control.keyword`.
    // Of `id`, the keyword is used: the field itself or its sub-field.
    {"id", FieldType::kTextWithKeyword, kExists | kSorted | kRead, 128},
    {"type", FieldType::kTextWithKeyword},
    {"name", FieldType::kTextWithKeyword},
    {"file_path", FieldType::kTextWithKeyword, kUnbounded},
    {"url", FieldType::kTextWithKeyword, kUnbounded},
    // An e-mail address has up to 254 characters. The sub-field of Elastic's connector holds 256.
    {"_allow_access_control", FieldType::kTextWithKeyword, kRestricts, 256},
    {"body", FieldType::kText, kUnbounded},
    {"size", FieldType::kLong},
    {"_timestamp", FieldType::kDate},
    // Fields of dbx-es.
    {"client_modified", FieldType::kDate},
    {"server_modified", FieldType::kDate},
    {"path_lower", FieldType::kKeyword, kMatched | kRead, kMaxPathKey},
    {"ancestors", FieldType::kKeyword, kMatched | kRead, kMaxPathKey},
    {"received", FieldType::kBoolean, kMatched | kRead},
    {"extension", FieldType::kKeyword},
    {"mime_type", FieldType::kKeyword},
    {"rev", FieldType::kKeyword, kExists, 64},
    {"content_hash", FieldType::kKeyword},
    {"namespace_id", FieldType::kKeyword},
    {"shared_folder_id", FieldType::kKeyword, kMatched, 64},
    {"title", FieldType::kTextWithKeyword, kUnbounded},
    {"author", FieldType::kTextWithKeyword, kUnbounded},
    {"language", FieldType::kKeyword},
    {"body_truncated", FieldType::kBoolean},
    {"damaged_partly", FieldType::kBoolean},
    {"body_fingerprint", FieldType::kKeyword, kRead, 16},
    {"permissions_fingerprint", FieldType::kKeyword, kMatched | kRead, 16},
    {"sync_fingerprint", FieldType::kKeyword, kRead, 16},
    {"sync_version", FieldType::kLong, kRead},
    {"sync_seq", FieldType::kLong, kMatched | kSorted | kRead},
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

std::string_view TypeName(FieldType type);

}  // namespace dbxes::elastic

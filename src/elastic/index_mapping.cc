// SPDX-License-Identifier: Apache-2.0
#include "elastic/index_mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "elastic/meaning.h"

namespace dbxes::elastic {
namespace {

// Lucene rejects a document that has a term of more than 32,766 bytes: 8,191 characters of at most
// four bytes are below that.
constexpr unsigned kIgnoreAbove = 8191;

std::string_view TypeName(FieldType type) {
  switch (type) {
    case FieldType::kText:
    case FieldType::kTextWithKeyword:
      return "text";
    case FieldType::kKeyword:
      return "keyword";
    case FieldType::kLong:
      return "long";
    case FieldType::kDate:
      return "date";
    case FieldType::kBoolean:
      return "boolean";
  }
  return "";
}

void WriteType(JsonWriter& writer, FieldType type) {
  WriteKey(writer, "type");
  WriteString(writer, TypeName(type));
  if (type != FieldType::kKeyword) return;
  WriteKey(writer, "ignore_above");
  writer.Uint(kIgnoreAbove);
}

void WriteField(JsonWriter& writer, const FieldRow& field) {
  WriteKey(writer, field.name);
  writer.StartObject();
  WriteType(writer, field.type);
  if (field.type == FieldType::kTextWithKeyword) {
    WriteKey(writer, "fields");
    writer.StartObject();
    WriteField(writer, {"keyword", FieldType::kKeyword});
    writer.EndObject();
  }
  writer.EndObject();
}

void WriteSettings(JsonWriter& writer, bool hidden) {
  WriteKey(writer, "settings");
  writer.StartObject();
  WriteKey(writer, "index");
  writer.StartObject();
  WriteKey(writer, "number_of_shards");
  writer.Uint(1);
  WriteKey(writer, "auto_expand_replicas");
  WriteString(writer, "0-1");
  WriteKey(writer, "gc_deletes");
  WriteString(writer, kGcDeletes);
  if (hidden) {
    WriteKey(writer, "hidden");
    writer.Bool(true);
  }
  writer.EndObject();
  writer.EndObject();
}

const FieldRow* FindField(std::string_view name) {
  const auto* row = std::find_if(std::begin(kContentFields), std::end(kContentFields),
                                 [&](const FieldRow& field) { return field.name == name; });
  return row == std::end(kContentFields) ? nullptr : row;
}

std::string_view MappedType(const rapidjson::Value& field) {
  const std::string_view type = StringMember(field, "type");
  // The mapping of an object names no type.
  return type.empty() ? "object" : type;
}

bool IsUsable(const rapidjson::Value& field, std::string_view type) {
  return MappedType(field) == type && BoolMember(field, "index", true) &&
         BoolMember(field, "doc_values", true);
}

bool HasKeyword(const rapidjson::Value& field) {
  const rapidjson::Value* keyword = FindPath(field, {"fields", "keyword"});
  return keyword != nullptr && IsUsable(*keyword, "keyword");
}

// Fields that searches of dbx-es filter by, or whose doc values they read.
bool IsReadBySearch(std::string_view name) {
  return name == "path_lower" || name == "ancestors" || name == "sync_seq" ||
         name == "sync_fingerprint" || name == "body_fingerprint" ||
         name == "permissions_fingerprint";
}

tl::unexpected<Error> UnusableMapping(std::string message) {
  Error error{ErrorKind::kConfig, std::move(message)};
  error.tag = kMappingTag;
  return Fail(std::move(error));
}

tl::unexpected<Error> Unusable(std::string_view name, const rapidjson::Value& field,
                               std::string_view wanted) {
  return UnusableMapping(
      fmt::format("the index maps the field \"{}\" as {}, but dbx-es needs it as {}: name another "
                  "index in elasticsearch.index, or reindex this one",
                  name, MappedType(field), wanted));
}

}  // namespace

std::string ContentIndexBody(bool with_settings) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  if (with_settings) WriteSettings(writer, /*hidden=*/false);
  WriteKey(writer, "mappings");
  writer.StartObject();
  WriteKey(writer, "dynamic");
  writer.Bool(true);
  WriteKey(writer, "properties");
  writer.StartObject();
  for (const FieldRow& field : kContentFields) WriteField(writer, field);
  writer.EndObject();
  writer.EndObject();
  writer.EndObject();
  return std::string(View(buffer));
}

std::string AccessControlIndexBody(bool with_settings) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  if (with_settings) WriteSettings(writer, /*hidden=*/true);
  WriteKey(writer, "mappings");
  writer.StartObject();
  // Identity documents are read by id: their queries are data that nobody searches.
  WriteKey(writer, "dynamic");
  writer.Bool(false);
  WriteKey(writer, "properties");
  writer.StartObject();
  WriteField(writer, {"created_at", FieldType::kDate});
  WriteField(writer, {"id", FieldType::kKeyword});
  writer.EndObject();
  writer.EndObject();
  writer.EndObject();
  return std::string(View(buffer));
}

std::string MappingBody(const std::vector<std::string>& fields) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteKey(writer, "properties");
  writer.StartObject();
  for (const std::string& name : fields) {
    if (const FieldRow* field = FindField(name)) WriteField(writer, *field);
  }
  writer.EndObject();
  writer.EndObject();
  return std::string(View(buffer));
}

Result<MappingFindings> JudgeMapping(const rapidjson::Value& mappings,
                                     bool document_level_security) {
  const rapidjson::Value* source = FindMember(mappings, "_source");
  if (source != nullptr && !BoolMember(*source, "enabled", true)) {
    return UnusableMapping(
        "the index keeps no _source, but dbx-es compares and updates documents: name another index "
        "in elasticsearch.index");
  }
  MappingFindings findings;
  findings.id_field = "id.keyword";
  const rapidjson::Value* properties = FindMember(mappings, "properties");
  for (const FieldRow& field : kContentFields) {
    const rapidjson::Value* found = properties ? FindMember(*properties, field.name) : nullptr;
    if (found == nullptr) {
      findings.missing.emplace_back(field.name);
      continue;
    }
    if (IsReadBySearch(field.name) && !IsUsable(*found, TypeName(field.type))) {
      return Unusable(field.name, *found, TypeName(field.type));
    }
    if (field.name == "id" && !HasKeyword(*found)) {
      if (!IsUsable(*found, "keyword")) {
        return Unusable(field.name, *found, "keyword, or with a keyword sub-field \"id.keyword\"");
      }
      findings.id_field = "id";
    }
    const bool restricts = document_level_security && field.name == "_allow_access_control";
    if (restricts && !HasKeyword(*found)) {
      return Unusable(field.name, *found, "text with a keyword sub-field \"keyword\"");
    }
  }
  return findings;
}

std::string AccessControlIdField(const rapidjson::Value& mappings) {
  const rapidjson::Value* id = FindPath(mappings, {"properties", "id"});
  if (id == nullptr) return {};
  if (IsUsable(*id, "keyword")) return "id";
  return HasKeyword(*id) ? "id.keyword" : "";
}

}  // namespace dbxes::elastic

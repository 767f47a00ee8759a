// SPDX-License-Identifier: Apache-2.0
#include "elastic/index_mapping.h"

#include <algorithm>

namespace dbxes::elastic {
namespace {

// Lucene rejects a document that has a term of more than 32,766 bytes: 8,191 code units of at most
// three bytes are below that.
constexpr unsigned kIgnoreAbove = kMaxPathKey;

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

}  // namespace

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

}  // namespace dbxes::elastic

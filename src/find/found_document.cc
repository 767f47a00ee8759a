// SPDX-License-Identifier: Apache-2.0
#include "find/found_document.h"

#include "base/json/json_write.h"

namespace dbxes::find {

FoundDocument ReadFound(const rapidjson::Value& hit) {
  FoundDocument document;
  document.id = StringMember(hit, "_id");
  const rapidjson::Value* source = FindMember(hit, "_source");
  if (source == nullptr) return document;
  document.type = StringMember(*source, "type");
  document.name = StringMember(*source, "name");
  document.title = StringMember(*source, "title");
  document.path = StringMember(*source, "file_path");
  document.url = StringMember(*source, "url");
  document.modified = StringMember(*source, "_timestamp");
  document.size = UintMember(*source, "size").value_or(0);
  document.received = BoolMember(*source, "received", false);
  return document;
}

void WriteFound(JsonWriter& writer, const FoundDocument& document) {
  WriteText(writer, "id", document.id);
  WriteText(writer, "type", document.type);
  WriteText(writer, "name", document.name);
  WriteText(writer, "title", document.title);
  WriteText(writer, "path", document.path);
  WriteText(writer, "url", document.url);
  WriteText(writer, "modified", document.modified);
  WriteNumber(writer, "size", document.size);
  WriteFlag(writer, "received", document.received);
}

}  // namespace dbxes::find

// SPDX-License-Identifier: Apache-2.0
#include "base/json/json_write.h"

#include "base/safe_text.h"

namespace dbxes {

void WriteText(JsonWriter& writer, std::string_view text) {
  WriteString(writer, WellFormedUtf8(text));
}

void WriteText(JsonWriter& writer, std::string_view key, std::string_view text) {
  WriteKey(writer, key);
  WriteText(writer, text);
}

void WriteExactly(JsonWriter& writer, std::string_view key, std::string_view bytes) {
  WriteKey(writer, key);
  WriteString(writer, bytes);
}

void WriteFlag(JsonWriter& writer, std::string_view key, bool value) {
  WriteKey(writer, key);
  writer.Bool(value);
}

void WriteRaw(JsonWriter& writer, std::string_view key, std::string_view json) {
  WriteKey(writer, key);
  writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
}

std::string JsonOf(const rapidjson::Value& value) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  value.Accept(writer);
  return std::string(View(buffer));
}

}  // namespace dbxes

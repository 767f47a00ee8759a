// SPDX-License-Identifier: Apache-2.0
#include "dropbox/rpc.h"

namespace dbxes::dropbox {
namespace {

void WriteMember(JsonWriter& writer, std::string_view key, std::string_view value) {
  WriteKey(writer, key);
  WriteString(writer, value);
}

}  // namespace

std::string JsonArgument(std::string_view key, std::string_view value) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteMember(writer, key, value);
  writer.EndObject();
  return std::string(View(buffer));
}

std::string JsonArgument(std::string_view key, std::string_view value, int limit) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteMember(writer, key, value);
  writer.Key("limit");
  writer.Int(limit);
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace dbxes::dropbox

// SPDX-License-Identifier: Apache-2.0
#include "dropbox/rpc.h"

#include "base/json/json_write.h"
namespace dbxes::dropbox {
namespace {}  // namespace

std::string JsonArgument(std::string_view key, std::string_view value) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteExactly(writer, key, value);
  writer.EndObject();
  return std::string(View(buffer));
}

std::string JsonArgument(std::string_view key, std::string_view value, int limit) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteExactly(writer, key, value);
  WriteNumber(writer, "limit", limit);
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace dbxes::dropbox

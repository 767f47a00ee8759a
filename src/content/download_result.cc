// SPDX-License-Identifier: Apache-2.0
#include "content/download_result.h"

#include <optional>

#include "base/json/json.h"

namespace dbxes::content {

DownloadResult ReadDownloadResult(std::string_view header, bool exported) {
  const auto json = ParseJson(header, "Dropbox-API-Result");
  if (!json || !json->IsObject()) return {};
  const rapidjson::Value* file = exported ? FindMember(*json, "file_metadata") : &*json;
  const rapidjson::Value* body = exported ? FindMember(*json, "export_metadata") : &*json;
  if (file == nullptr || body == nullptr || !file->IsObject()) return {};
  const std::optional<std::uint64_t> size = UintMember(*body, "size");
  if (!size) return {};
  DownloadResult result;
  result.known = true;
  result.size = *size;
  result.hash = StringMember(*body, exported ? "export_hash" : "content_hash");
  result.rev = StringMember(*file, "rev");
  result.content_hash = StringMember(*file, "content_hash");
  return result;
}

}  // namespace dbxes::content

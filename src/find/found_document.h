// SPDX-License-Identifier: Apache-2.0
// What search and ls show of a document.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json/json.h"

namespace dbxes::find {

struct FoundDocument {
  std::string id;
  std::string type;  // "File" or "Folder"
  std::string name;
  std::string title;  // of the document's content; "" for none
  std::string path;   // file_path; "" for a file received one by one
  std::string url;
  std::string modified;    // _timestamp, UTC
  std::uint64_t size = 0;  // bytes; 0 for folders
  bool received = false;

  bool IsFolder() const { return type == "Folder"; }
};

// The fields that ReadFound reads, as a JSON list for `_source`.
inline constexpr std::string_view kFoundFields =
    R"(["type","name","title","file_path","url","_timestamp","size","received"])";

// Reads one element of `hits.hits`. A field that is absent or of another type is empty.
FoundDocument ReadFound(const rapidjson::Value& hit);
// Writes the members of the document into an object that the caller has started.
void WriteFound(JsonWriter& writer, const FoundDocument& document);

}  // namespace dbxes::find

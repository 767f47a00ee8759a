// SPDX-License-Identifier: Apache-2.0
// JSON through RapidJSON: writers into a reused buffer, and lookups in small answers. Big answers
// (listing pages, bulk and multi-get answers) have streaming readers in their rooms instead.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dbxes {

using JsonBuffer = rapidjson::StringBuffer;
using JsonWriter = rapidjson::Writer<JsonBuffer>;

inline std::string_view View(const JsonBuffer& buffer) {
  return {buffer.GetString(), buffer.GetSize()};
}
inline std::string_view View(const rapidjson::Value& string) {
  return {string.GetString(), string.GetStringLength()};
}
inline void WriteKey(JsonWriter& writer, std::string_view key) {
  writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
}
// Use it for every string that is not our own: RapidJSON's SSE2 scan lets U+001A to U+001F pass as
// they are, which is no JSON.
void WriteString(JsonWriter& writer, std::string_view value);

// Half a surrogate pair is no character, and JSON parsers refuse it; but file systems allow it in
// names, so one such name would stop everything. Replaces each escape of one, "\ud800", by that of
// U+FFFD, in place and without moving anything else.
void MendLoneSurrogates(std::string& json);

// Parses a whole document, its lone surrogates mended. kTemporary ("not JSON" usually means a
// proxy's page or a cut body): the message names `what`, the offset and RapidJSON's reason.
Result<rapidjson::Document> ParseJson(std::string_view text, std::string_view what);

// Member lookups that treat absent, null and a wrong type alike, as Dropbox asks clients to do.
const rapidjson::Value* FindMember(const rapidjson::Value& object, std::string_view key);
std::string_view StringMember(const rapidjson::Value& object, std::string_view key);  // "" if none
std::optional<std::uint64_t> UintMember(const rapidjson::Value& object, std::string_view key);
bool BoolMember(const rapidjson::Value& object, std::string_view key, bool fallback);
// Follows keys through nested objects; null when one is missing.
const rapidjson::Value* FindPath(const rapidjson::Value& object,
                                 std::initializer_list<std::string_view> keys);

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
// JSON through RapidJSON: a writer, and a document with lookups for answers of few bytes. Answers
// of many bytes are read with the tables of json_members.h.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dbxes {

using JsonBuffer = rapidjson::StringBuffer;

// RapidJSON's writer, but for U+001A to U+001F: its SSE2 scan does not escape them, which is
// invalid JSON. Accept of a value writes its keys and texts by these functions, too.
class JsonWriter : public rapidjson::Writer<JsonBuffer> {
 public:
  using Writer::Writer;
  bool String(const char* text, rapidjson::SizeType length, bool copy = false);
  bool String(std::string_view text) {
    return String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }
  bool Key(const char* text, rapidjson::SizeType length, bool = false) {
    return String(text, length);
  }
  bool Key(std::string_view text) { return String(text); }
};

inline std::string_view View(const JsonBuffer& buffer) {
  return {buffer.GetString(), buffer.GetSize()};
}
inline std::string_view View(const rapidjson::Value& string) {
  return {string.GetString(), string.GetStringLength()};
}
inline void WriteKey(JsonWriter& writer, std::string_view key) { writer.Key(key); }
// Text that may be no UTF-8: what is none becomes U+FFFD (base/json/json_text.h).
void WriteString(JsonWriter& writer, std::string_view value);

// Half a surrogate pair is not a character, and JSON parsers reject it. But file systems allow it
// in names, so one such name would stop everything. Replaces each such escape, "\ud800", by the
// escape of U+FFFD, which has the same length.
void ReplaceLoneSurrogates(std::string& json);

// Values of a document, with the names of members. Honest answers of 128 MiB have fewer: the
// shortest of what they repeat are users in access lists, of some forty bytes.
inline constexpr std::size_t kMostJsonValues = std::size_t{4} << 20;

// Parses a whole document, with lone surrogates replaced. kTemporary when it is not JSON, which
// usually means a proxy's page or a cut body: the message names `what`, the offset and RapidJSON's
// reason. kInternal when it has more than kMostJsonValues: each takes 16 bytes and more, whatever
// is in it, so that a text of "0," would take twenty times its length.
Result<rapidjson::Document> ParseJson(std::string_view text, std::string_view what);

// Member lookups that treat absent, null and a wrong type alike, as Dropbox asks clients to do.
const rapidjson::Value* FindMember(const rapidjson::Value& object, std::string_view key);
std::string_view StringMember(const rapidjson::Value& object, std::string_view key);  // "" if none
std::optional<std::uint64_t> UintMember(const rapidjson::Value& object, std::string_view key);
bool BoolMember(const rapidjson::Value& object, std::string_view key, bool fallback);
// The strings of a list, or the one that is there instead of a list, as Elasticsearch allows it for
// any field; none of anything else. They live as long as `value`.
std::vector<std::string_view> TextsOf(const rapidjson::Value* value);
// Follows keys through nested objects; null when one is missing.
const rapidjson::Value* FindPath(const rapidjson::Value& object,
                                 std::initializer_list<std::string_view> keys);

}  // namespace dbxes

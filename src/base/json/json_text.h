// SPDX-License-Identifier: Apache-2.0
// JSON as text, for documents and requests: strings are scanned and copied sixteen bytes at a time,
// and the only state is the comma. JsonWriter is for everything else.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/json/json.h"

namespace dbxes {

// Appends `text` as a JSON string with its quotes. UTF-8 is passed through.
void AppendJsonString(std::string_view text, std::string& out);
void AppendJsonString(std::string_view text, JsonBuffer& out);
inline std::string JsonString(std::string_view text) {
  std::string json;
  AppendJsonString(text, json);
  return json;
}

// A JSON list of strings: ["a","b"].
template <class Strings>
std::string JsonList(const Strings& strings) {
  std::string json = "[";
  for (const auto& text : strings) {
    if (json.size() > 1) json += ',';
    AppendJsonString(text, json);
  }
  json += ']';
  return json;
}

// Writes the members of one flat object after another, each object without its closing brace:
// members that are known later may follow. Keys are literals that need no escape.
class ObjectWriter {
 public:
  explicit ObjectWriter(JsonBuffer& buffer) : buffer_(buffer) {}

  // The brace is written with the first member; there must be one.
  void StartObject() { separator_ = '{'; }
  template <std::size_t N>
  void String(const char (&key)[N], std::string_view value) {
    Key(key);
    AppendJsonString(value, buffer_);
  }
  template <std::size_t N>
  void Uint64(const char (&key)[N], std::uint64_t value) {
    Key(key);
    PutNumber(value);
  }
  template <std::size_t N>
  void Bool(const char (&key)[N], bool value) {
    Key(key);
    Put(value ? "true" : "false");
  }
  // A value that is JSON already, or the beginning of one: the caller appends the rest to the
  // buffer.
  template <std::size_t N>
  void Raw(const char (&key)[N], std::string_view json) {
    Key(key);
    Put(json);
  }

 private:
  // The compiler knows the size and turns the copy into one or two moves.
  template <std::size_t N>
  void Key(const char (&key)[N]) {
    constexpr std::size_t kLength = N - 1;
    char* room = buffer_.Push(kLength + 4);
    room[0] = separator_;
    separator_ = ',';
    room[1] = '"';
    std::memcpy(room + 2, key, kLength);
    room[kLength + 2] = '"';
    room[kLength + 3] = ':';
  }
  void Put(std::string_view text) {
    std::memcpy(buffer_.Push(text.size()), text.data(), text.size());
  }
  void PutNumber(std::uint64_t value);

  JsonBuffer& buffer_;
  char separator_ = '{';
};

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
// JSON as text, for the hot path: strings are scanned sixteen bytes at a time and copied whole, and
// nothing is kept but the comma. Elsewhere JsonWriter serves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

namespace dbxes {

// Appends `text` as a JSON string with its quotes. UTF-8 is passed through.
void AppendJsonString(std::string_view text, std::string& out);
void AppendJsonString(std::string_view text, JsonBuffer& out);

// Writes the members of one flat object after another. Keys are trusted to need no escape.
class ObjectWriter {
 public:
  explicit ObjectWriter(JsonBuffer& buffer) : buffer_(buffer) {}

  void StartObject();
  void String(std::string_view key, std::string_view value);
  void Uint64(std::string_view key, std::uint64_t value);
  void Bool(std::string_view key, bool value);
  // A list of strings: elements, then EndArray.
  void StartArray(std::string_view key);
  void Element(std::string_view value);
  void EndArray();

 private:
  void Put(std::string_view text);
  void Key(std::string_view key);

  JsonBuffer& buffer_;
  bool first_ = true;
};

}  // namespace dbxes

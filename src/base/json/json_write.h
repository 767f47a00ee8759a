// SPDX-License-Identifier: Apache-2.0
// Members of an object, each with its key, and values as text.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json/json.h"

namespace dbxes {

// A text that people or other programs read: bytes that are no UTF-8 become U+FFFD.
void WriteText(JsonWriter& writer, std::string_view text);
void WriteText(JsonWriter& writer, std::string_view key, std::string_view text);
// What has to come back as it was: the bytes stay as they are.
void WriteExactly(JsonWriter& writer, std::string_view key, std::string_view bytes);
void WriteFlag(JsonWriter& writer, std::string_view key, bool value);
// `json`: a value that is JSON already.
void WriteRaw(JsonWriter& writer, std::string_view key, std::string_view json);

template <std::integral Number>
requires(!std::same_as<Number, bool>) void WriteNumber(JsonWriter& writer, std::string_view key,
                                                       Number number) {
  WriteKey(writer, key);
  if constexpr (std::signed_integral<Number>) {
    writer.Int64(number);
  } else {
    writer.Uint64(number);
  }
}

// A list of texts, each as WriteText has it.
template <class Texts>
void WriteTexts(JsonWriter& writer, std::string_view key, const Texts& texts) {
  WriteKey(writer, key);
  writer.StartArray();
  for (const auto& text : texts) WriteText(writer, text);
  writer.EndArray();
}

std::string JsonOf(const rapidjson::Value& value);

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
// Writes JSON directly into a string, in the chosen style (see style.h). It builds no tree of
// values, so a page of two thousand entries is rendered at memory speed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dropbox_sim/style.h"

namespace dbxes::sim {

class JsonOut {
 public:
  // `salt` seeds the random choices of the style; the same salt writes the same text.
  JsonOut(std::string* out, const Style& style, std::uint64_t salt)
      : out_(out), style_(style), salt_(salt) {}

  JsonOut& BeginObject() { return Open('{'); }
  JsonOut& EndObject();
  // Ends a tagged union whose member is nested: no unknown field is added beside it.
  JsonOut& EndUnion();
  JsonOut& BeginArray() { return Open('['); }
  JsonOut& EndArray();
  JsonOut& Key(std::string_view key);
  JsonOut& String(std::string_view value);
  JsonOut& Uint(std::uint64_t value);
  JsonOut& Int(std::int64_t value);
  JsonOut& Bool(bool value);
  JsonOut& Null();
  JsonOut& Time(std::int64_t unix_seconds);
  // JSON as it is.
  JsonOut& Raw(std::string_view json);
  // {".tag":"value"}
  JsonOut& Tag(std::string_view tag);

  JsonOut& Field(std::string_view key, std::string_view value) { return Key(key).String(value); }
  JsonOut& FieldTag(std::string_view key, std::string_view tag) { return Key(key).Tag(tag); }
  JsonOut& FieldBool(std::string_view key, bool value) { return Key(key).Bool(value); }
  JsonOut& FieldUint(std::string_view key, std::uint64_t value) { return Key(key).Uint(value); }
  JsonOut& FieldTime(std::string_view key, std::int64_t seconds) { return Key(key).Time(seconds); }
  // An optional field: empty means absent, which some styles write as null.
  JsonOut& FieldOptional(std::string_view key, std::string_view value);
  // A field with a default. It is left out when it has that value, except in some styles.
  JsonOut& FieldDefault(std::string_view key, bool value, bool default_value);

  std::string* out() { return out_; }
  const Style& style() const { return style_; }
  std::uint64_t Random();

 private:
  JsonOut& Open(char bracket);
  void Comma();
  void EscapeSlow(std::string_view value);

  std::string* out_;
  const Style& style_;
  std::uint64_t salt_;
};

}  // namespace dbxes::sim

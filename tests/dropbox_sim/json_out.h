// SPDX-License-Identifier: Apache-2.0
//
// Writes JSON straight into a string, in the style of the day (see style.h). No tree of values is
// built: a page of two thousand entries is rendered at memory speed.

#ifndef DBXES_TESTS_DROPBOX_SIM_JSON_OUT_H_
#define DBXES_TESTS_DROPBOX_SIM_JSON_OUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dropbox_sim/style.h"

namespace dbxes::sim {

class JsonOut {
 public:
  /// `salt` decides what is random in the style; the same salt writes the same text.
  JsonOut(std::string* out, const Style& style, uint64_t salt)
      : out_(out), style_(style), salt_(salt) {}

  JsonOut& BeginObject() { return Open('{'); }
  JsonOut& EndObject();
  /// Ends a tagged union whose member is nested: nothing unknown may stand beside it.
  JsonOut& EndUnion();
  JsonOut& BeginArray() { return Open('['); }
  JsonOut& EndArray();
  JsonOut& Key(std::string_view key);
  JsonOut& String(std::string_view value);
  JsonOut& Uint(uint64_t value);
  JsonOut& Int(int64_t value);
  JsonOut& Bool(bool value);
  JsonOut& Null();
  JsonOut& Time(int64_t unix_seconds);
  /// JSON as it is.
  JsonOut& Raw(std::string_view json);
  /// {".tag":"value"}
  JsonOut& Tag(std::string_view tag);

  JsonOut& Field(std::string_view key, std::string_view value) { return Key(key).String(value); }
  JsonOut& FieldTag(std::string_view key, std::string_view tag) { return Key(key).Tag(tag); }
  JsonOut& FieldBool(std::string_view key, bool value) { return Key(key).Bool(value); }
  JsonOut& FieldUint(std::string_view key, uint64_t value) { return Key(key).Uint(value); }
  JsonOut& FieldTime(std::string_view key, int64_t seconds) { return Key(key).Time(seconds); }
  /// An optional field: empty means absent, which some days is told as null.
  JsonOut& FieldOptional(std::string_view key, std::string_view value);
  /// A field with a default, left out when it has that value, except on days when it is not.
  JsonOut& FieldDefault(std::string_view key, bool value, bool default_value);

  std::string* out() { return out_; }
  const Style& style() const { return style_; }
  uint64_t Random();

 private:
  JsonOut& Open(char bracket);
  void Comma();
  void EscapeSlow(std::string_view value);

  std::string* out_;
  const Style& style_;
  uint64_t salt_;
};

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_JSON_OUT_H_

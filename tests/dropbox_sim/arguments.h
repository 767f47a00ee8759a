// SPDX-License-Identifier: Apache-2.0
// Reads a route's JSON argument as strictly as Dropbox: unknown fields, wrong types and values out
// of range are refused, and the answer names them. A route declares its fields once, as a table.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace dbxes::sim {

enum class Type : std::uint8_t { kString, kBool, kUint, kObject, kStrings, kUnion, kUnions, kTime };

struct FieldRule {
  std::string_view name;
  Type type = Type::kString;
  bool required = false;
  std::uint64_t min = 0;  // of a number; of a text's or list's length
  std::uint64_t max = UINT64_MAX;
  // Fields of a kObject; a null pointer accepts any.
  const std::vector<FieldRule>* fields = nullptr;
};
using FieldRules = std::vector<FieldRule>;

// Checks an object against its rules. Returns what is wrong, as Dropbox words it, or an empty
// text.
std::string CheckFields(const rapidjson::Value& value, const FieldRules& rules,
                        const std::string& where = {});

// Readers for checked arguments: the default for absent and null.
std::string_view StringField(const rapidjson::Value& value, const char* name,
                             std::string_view otherwise = {});
bool BoolField(const rapidjson::Value& value, const char* name, bool otherwise);
std::uint64_t UintField(const rapidjson::Value& value, const char* name, std::uint64_t otherwise);
const rapidjson::Value* ObjectField(const rapidjson::Value& value, const char* name);
std::vector<std::string> StringsField(const rapidjson::Value& value, const char* name);
// Tag of a union, which may be given as a bare string.
std::string_view TagOf(const rapidjson::Value& value);

}  // namespace dbxes::sim

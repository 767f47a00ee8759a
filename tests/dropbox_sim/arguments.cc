// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace dbxes::sim {
namespace {

std::string_view View(const rapidjson::Value& text) {
  return {text.GetString(), text.GetStringLength()};
}

std::string CheckSize(std::uint64_t size, const FieldRule& rule, const std::string& name) {
  if (size < rule.min)
    return fmt::format("{}: {} is less than the minimum of {}", name, size, rule.min);
  if (size > rule.max)
    return fmt::format("{}: {} is greater than the maximum of {}", name, size, rule.max);
  return "";
}

bool IsUnion(const rapidjson::Value& value) {
  if (value.IsString()) return true;
  return value.IsObject() && value.HasMember(".tag") && value[".tag"].IsString();
}

std::string CheckList(const rapidjson::Value& value, const FieldRule& rule,
                      const std::string& name) {
  if (!value.IsArray())
    return fmt::format("{}: expected list, got {}", name, value.IsString() ? "string" : "value");
  for (const auto& element : value.GetArray()) {
    const bool fits = rule.type == Type::kStrings ? element.IsString() : IsUnion(element);
    if (!fits)
      return fmt::format("{}: expected {}", name,
                         rule.type == Type::kStrings ? "string" : "tagged union");
  }
  return CheckSize(value.Size(), rule, name);
}

std::string CheckValue(const rapidjson::Value& value, const FieldRule& rule,
                       const std::string& name) {
  switch (rule.type) {
    case Type::kString:
    case Type::kTime:
      if (!value.IsString())
        return fmt::format("{}: expected string, got {}", name,
                           value.IsNumber() ? "number" : "value");
      return CheckSize(value.GetStringLength(), rule, name);
    case Type::kBool:
      return value.IsBool() ? ""
                            : fmt::format("{}: expected boolean, got {}", name,
                                          value.IsString() ? "string" : "value");
    case Type::kUint:
      if (!value.IsUint64())
        return fmt::format("{}: expected integer, got {}", name,
                           value.IsString() ? "string" : "value");
      return CheckSize(value.GetUint64(), rule, name);
    case Type::kObject:
      if (!value.IsObject()) return fmt::format("{}: expected object", name);
      return rule.fields == nullptr ? "" : CheckFields(value, *rule.fields, name);
    case Type::kUnion:
      return IsUnion(value) ? "" : fmt::format("{}: expected tagged union", name);
    case Type::kStrings:
    case Type::kUnions:
      return CheckList(value, rule, name);
  }
  return "";
}

}  // namespace

std::string CheckFields(const rapidjson::Value& value, const FieldRules& rules,
                        const std::string& where) {
  const std::string prefix = where.empty() ? "" : where + ".";
  if (!value.IsObject())
    return where + "expected object, got " + (value.IsNull() ? "null" : "value");
  for (const auto& member : value.GetObject()) {
    const std::string_view name = View(member.name);
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&](const FieldRule& r) { return r.name == name; });
    if (rule == rules.end()) return fmt::format("{}unknown field '{}'", prefix, name);
    if (member.value.IsNull() && !rule->required) continue;
    std::string wrong = CheckValue(member.value, *rule, prefix + std::string(name));
    if (!wrong.empty()) return wrong;
  }
  for (const FieldRule& rule : rules) {
    if (rule.required && !value.HasMember(std::string(rule.name).c_str())) {
      return fmt::format("{}missing required field '{}'", prefix, rule.name);
    }
  }
  return "";
}

std::string_view StringField(const rapidjson::Value& value, const char* name,
                             std::string_view otherwise) {
  const auto found = value.FindMember(name);
  return found != value.MemberEnd() && found->value.IsString() ? View(found->value) : otherwise;
}

bool BoolField(const rapidjson::Value& value, const char* name, bool otherwise) {
  const auto found = value.FindMember(name);
  return found != value.MemberEnd() && found->value.IsBool() ? found->value.GetBool() : otherwise;
}

std::uint64_t UintField(const rapidjson::Value& value, const char* name, std::uint64_t otherwise) {
  const auto found = value.FindMember(name);
  return found != value.MemberEnd() && found->value.IsUint64() ? found->value.GetUint64()
                                                               : otherwise;
}

const rapidjson::Value* ObjectField(const rapidjson::Value& value, const char* name) {
  const auto found = value.FindMember(name);
  return found != value.MemberEnd() && found->value.IsObject() ? &found->value : nullptr;
}

std::vector<std::string> StringsField(const rapidjson::Value& value, const char* name) {
  std::vector<std::string> out;
  const auto found = value.FindMember(name);
  if (found == value.MemberEnd() || !found->value.IsArray()) return out;
  for (const auto& element : found->value.GetArray()) out.emplace_back(TagOf(element));
  return out;
}

std::string_view TagOf(const rapidjson::Value& value) {
  if (value.IsString()) return View(value);
  return value.IsObject() ? StringField(value, ".tag") : std::string_view();
}

}  // namespace dbxes::sim

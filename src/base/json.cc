// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>

namespace dbxes {

Result<rapidjson::Document> ParseJson(std::string_view text, std::string_view what) {
  rapidjson::Document document;
  // Iterative: a bomb of nested brackets must not overflow the stack.
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError()) {
    return Fail(ErrorKind::kTemporary,
                fmt::format("{} is not JSON: {} (at byte {} of {})", what,
                            rapidjson::GetParseError_En(document.GetParseError()),
                            document.GetErrorOffset(), text.size()));
  }
  return document;
}

const rapidjson::Value* FindMember(const rapidjson::Value& object, std::string_view key) {
  if (!object.IsObject()) return nullptr;
  const auto member =
      object.FindMember(rapidjson::Value(rapidjson::StringRef(key.data(), key.size())));
  if (member == object.MemberEnd() || member->value.IsNull()) return nullptr;
  return &member->value;
}

std::string_view StringMember(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value* value = FindMember(object, key);
  return value != nullptr && value->IsString() ? View(*value) : std::string_view{};
}

std::optional<std::uint64_t> UintMember(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value* value = FindMember(object, key);
  if (value == nullptr || !value->IsUint64()) return std::nullopt;
  return value->GetUint64();
}

bool BoolMember(const rapidjson::Value& object, std::string_view key, bool fallback) {
  const rapidjson::Value* value = FindMember(object, key);
  return value != nullptr && value->IsBool() ? value->GetBool() : fallback;
}

const rapidjson::Value* FindPath(const rapidjson::Value& object,
                                 std::initializer_list<std::string_view> keys) {
  const rapidjson::Value* value = &object;
  for (std::string_view key : keys) {
    value = FindMember(*value, key);
    if (value == nullptr) return nullptr;
  }
  return value;
}

}  // namespace dbxes

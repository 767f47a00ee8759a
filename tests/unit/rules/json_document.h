// SPDX-License-Identifier: Apache-2.0
// A document written as JSON, as rules see it: dots lead into objects.
#pragma once

#include <rapidjson/document.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "base/json/json.h"
#include "rules/rule_matcher.h"

namespace dbxes::rules {

inline void AppendScalar(const rapidjson::Value& value, FieldValues& out) {
  if (value.IsString()) out.emplace_back(std::string(View(value)));
  if (value.IsBool()) out.emplace_back(value.GetBool());
  if (value.IsInt64()) {
    out.emplace_back(value.GetInt64());
  } else if (value.IsNumber()) {
    out.emplace_back(value.GetDouble());
  }
}

inline FieldValues ValuesAt(const rapidjson::Value& object, std::string_view field) {
  FieldValues values;
  const rapidjson::Value* found = FindMember(object, field);
  if (found == nullptr) {
    const std::size_t dot = field.find('.');
    const rapidjson::Value* inner =
        dot == std::string_view::npos ? nullptr : FindMember(object, field.substr(0, dot));
    return inner == nullptr ? values : ValuesAt(*inner, field.substr(dot + 1));
  }
  if (!found->IsArray()) AppendScalar(*found, values);
  if (found->IsArray()) {
    for (const rapidjson::Value& item : found->GetArray()) AppendScalar(item, values);
  }
  return values;
}

class JsonDocument {
 public:
  explicit JsonDocument(std::string_view json) {
    document_.Parse(json.data(), json.size());
    if (document_.HasParseError()) throw std::invalid_argument(std::string(json));
  }
  FieldGetter Fields() const {
    return [this](std::string_view field) { return ValuesAt(document_, field); };
  }

 private:
  rapidjson::Document document_;
};

}  // namespace dbxes::rules

// SPDX-License-Identifier: Apache-2.0
#include "connector/connector_form.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "base/json/json_text.h"
#include "base/json/json_write.h"

namespace dbxes::connector {
namespace {

using config::RawValue;

constexpr double kMostExact = 9'007'199'254'740'992.0;  // 2^53

// `value` is neither null nor "".
RawValue Read(const rapidjson::Value& value) {
  if (value.IsString()) return {RawValue::kText, std::string(View(value)), ""};
  if (value.IsBool()) return {RawValue::kText, value.GetBool() ? "true" : "false", ""};
  if (value.IsInt64()) return {RawValue::kText, fmt::format("{}", value.GetInt64()), ""};
  if (value.IsNumber()) {
    const double number = value.GetDouble();
    const bool whole = std::floor(number) == number && std::abs(number) < kMostExact;
    return {RawValue::kText, whole ? fmt::format("{:.0f}", number) : fmt::format("{}", number), ""};
  }
  return {RawValue::kOther, value.IsArray() ? "a list" : "an object", ""};
}

const rapidjson::Value* ValueOf(const rapidjson::Value& field) {
  const rapidjson::Value* value = FindMember(field, "value");
  const bool empty = value == nullptr || (value->IsString() && value->GetStringLength() == 0);
  return empty ? nullptr : value;
}

}  // namespace

config::ConnectorForm FormOf(const StoredDocument& connector) {
  config::ConnectorForm form;
  form.as_read = config::Secret(fmt::format(
      R"({{"_id":{},"_seq_no":{},"_primary_term":{},"_source":{}}})", JsonString(connector.id),
      connector.version.seq_no, connector.version.primary_term, JsonOf(connector.source)));
  const rapidjson::Value* fields = FindMember(connector.source, "configuration");
  if (fields == nullptr || !fields->IsObject()) return form;
  for (const auto& [name, field] : fields->GetObject()) {
    const rapidjson::Value* value = field.IsObject() ? ValueOf(field) : nullptr;
    if (value == nullptr) continue;
    const std::string key(View(name));
    const std::string_view label = StringMember(field, "label");
    form.fields.push_back({key, label.empty() ? key : std::string(label), Read(*value)});
  }
  return form;
}

bool HasValue(const rapidjson::Value& connector, std::string_view field) {
  const rapidjson::Value* found = FindPath(connector, {"configuration", field});
  return found != nullptr && found->IsObject() && ValueOf(*found) != nullptr;
}

}  // namespace dbxes::connector

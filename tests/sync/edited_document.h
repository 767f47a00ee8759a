// SPDX-License-Identifier: Apache-2.0
// Documents that somebody else has changed in the index.
#pragma once

#include <string>

#include "base/json/json.h"
#include "support/fake_index.h"

namespace dbxes::sync {

// The document with another value of a field, as JSON; "" removes it.
inline std::string WithField(const std::string& source, const char* field,
                             const std::string& json) {
  auto document = ParseJson(source, source);
  document->RemoveMember(field);
  if (!json.empty()) {
    auto value = ParseJson(json, json);
    rapidjson::Value copy(*value, document->GetAllocator());
    document->AddMember(rapidjson::StringRef(field), copy, document->GetAllocator());
  }
  return JsonText(*document);
}

}  // namespace dbxes::sync

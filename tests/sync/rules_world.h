// SPDX-License-Identifier: Apache-2.0
// Sets the rules of a world, and lists the paths of its documents.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/json/json.h"
#include "support/sync_world.h"

namespace dbxes::sync {

inline void SetRules(SyncWorld& world, const std::string& text) {
  world.files.files()["/rules.json"] = text;
  world.config.sync.rules_file = "/rules.json";
}

// One rule.
inline void Exclude(SyncWorld& world, const std::string& field, const std::string& op,
                    const std::string& value) {
  SetRules(world, R"([{"id":"1","policy":"exclude","field":")" + field + R"(","rule":")" + op +
                      R"(","value":")" + value + R"(","order":1}])");
}

using Strings = std::vector<std::string>;

// Where the documents are; "name" for those without a place.
inline Strings Indexed(const SyncWorld& world) {
  Strings paths;
  for (const auto& [id, source] : world.elastic.Documents("docs")) {
    const auto json = ParseJson(source, "a document");
    REQUIRE(json);
    const auto path = StringMember(*json, "path_lower");
    paths.emplace_back(path.empty() ? StringMember(*json, "name") : path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// What runs have left in the state of a world, wherever that is.
#pragma once

#include <string>
#include <string_view>

#include "base/json/json.h"
#include "support/sync_world.h"

namespace dbxes {

// The text of a part of the state, such as ".failures.ndjson"; "" if there is none.
inline std::string StateText(SyncWorld& world, std::string_view ending) {
  for (const auto& [path, content] : world.files.files()) {
    if (path.ends_with(ending)) return content;
  }
  const auto state = world.elastic.Source("dbx-es-docs", "state");
  const auto json = ParseJson(state.value_or("{}"), "the state");
  const rapidjson::Value* parts = json ? FindMember(*json, "parts") : nullptr;
  for (rapidjson::SizeType at = 0; parts != nullptr && at < parts->Size(); ++at) {
    const rapidjson::Value& part = (*parts)[at];
    if (StringMember(part, "name") == ending) return std::string(StringMember(part, "text"));
  }
  return "";
}

inline std::string FailuresText(SyncWorld& world) { return StateText(world, ".failures.ndjson"); }

// The state is lost, as with a volume or an index that somebody deletes.
inline void LoseState(SyncWorld& world) {
  world.files.files().clear();
  if (world.elastic.HasIndex("dbx-es-docs")) world.elastic.DeleteIndex("dbx-es-docs");
}

}  // namespace dbxes

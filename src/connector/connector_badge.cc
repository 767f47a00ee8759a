// SPDX-License-Identifier: Apache-2.0
#include "connector/connector_badge.h"

#include <fmt/format.h>

#include "connector/protocol_time.h"

namespace dbxes::connector {
namespace {

constexpr std::int64_t kStaleMicros = 30 * 60 * std::int64_t{1'000'000};

bool IsSet(const rapidjson::Value& connector, std::string_view member) {
  const rapidjson::Value* value = FindMember(connector, member);
  return value != nullptr && !value->IsNull();
}

// A connector that was never seen is not stale.
bool IsStale(const rapidjson::Value& connector, std::int64_t micros) {
  const rapidjson::Value* seen = FindMember(connector, "last_seen");
  const auto time = seen == nullptr ? std::nullopt : ReadTime(*seen);
  return time && micros - *time > kStaleMicros;
}

std::string NoteOf(const rapidjson::Value& connector, std::int64_t micros) {
  for (const char* member : {"error", "last_sync_error", "last_access_control_sync_error"}) {
    const std::string_view text = StringMember(connector, member);
    if (!text.empty()) return std::string(text);
  }
  if (!IsStale(connector, micros)) return "";
  return fmt::format("it was not seen since {}", StringMember(connector, "last_seen"));
}

}  // namespace

Badge BadgeOf(const rapidjson::Value& connector, std::int64_t micros) {
  const std::string_view status = StringMember(connector, "status");
  const std::string why = NoteOf(connector, micros);
  if (status.empty() || status == "created" || status == "needs_configuration") {
    return {"Needs Configuration", false, why};
  }
  const bool failed = StringMember(connector, "last_sync_status") == "error" ||
                      StringMember(connector, "last_access_control_sync_status") == "error";
  if (failed || IsSet(connector, "last_sync_error") ||
      IsSet(connector, "last_access_control_sync_error")) {
    return {"Sync Failure", true, why};
  }
  if (IsStale(connector, micros) || status == "error") return {"Connector Failure", true, why};
  if (StringMember(connector, "index_name").empty()) return {"Incomplete", false, why};
  return {status == "connected" ? "Connected" : "Configured", false, why};
}

}  // namespace dbxes::connector

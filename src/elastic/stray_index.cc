// SPDX-License-Identifier: Apache-2.0
#include "elastic/stray_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "elastic/search.h"

namespace dbxes::elastic {
namespace {

constexpr std::string_view kWrittenByOthers =
    R"({"bool":{"must_not":[{"exists":{"field":"sync_seq"}}]}})";

// What the cluster sets in every index.
constexpr std::string_view kOwnSettings[] = {
    "uuid",       "version",          "creation_date",      "provided_name",
    "history",    "number_of_shards", "number_of_replicas", "routing",
    "replication"};

// Whether a person or a template has set something.
bool HasSettings(const rapidjson::Value& description) {
  const rapidjson::Value* settings = FindPath(description, {"settings", "index"});
  if (settings == nullptr || !settings->IsObject()) return true;
  return std::any_of(settings->MemberBegin(), settings->MemberEnd(), [](const auto& setting) {
    const auto* own =
        std::find(std::begin(kOwnSettings), std::end(kOwnSettings), View(setting.name));
    return own == std::end(kOwnSettings);
  });
}

ElasticRequest Request(std::string method, const std::string& name) {
  ElasticRequest request;
  request.method = std::move(method);
  request.target = fmt::format("/{}", PercentEncode(name));
  return request;
}

}  // namespace

Result<bool> RemoveStrayIndex(Client& client, const std::string& name, const IndexIdentity& left) {
  TRY_ASSIGN(const IndexReading reading, ReadIdentity(client, name));
  const bool left_it = !left.known() || left == reading.identity;
  if (left_it || reading.index != name || !reading.meta.empty()) return false;
  TRY_ASSIGN(const HttpResponse answer,
             WithContext(client.Call(Request("GET", name)), "reading the index"));
  TRY_ASSIGN(const auto json, ParseJson(answer.body, "the answer about the index"));
  const rapidjson::Value* description = FindMember(json, name);
  const rapidjson::Value* aliases =
      description != nullptr ? FindMember(*description, "aliases") : nullptr;
  const bool has_aliases = aliases == nullptr || !aliases->IsObject() || aliases->MemberCount() > 0;
  if (has_aliases || HasSettings(*description)) return false;
  TRY(Refresh(client, name));
  TRY_ASSIGN(const std::uint64_t others, Count(client, name, kWrittenByOthers));
  if (others > 0) return false;
  TRY(WithContext(
      client.Call(Request("DELETE", name)),
      fmt::format("deleting the index {}, which the cluster made without its mapping", name)));
  return true;
}

}  // namespace dbxes::elastic

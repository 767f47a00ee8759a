// SPDX-License-Identifier: Apache-2.0
// A cluster with the two indices of the connector protocol, and what other programs do to them.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "connector/protocol_store.h"
#include "connector/registration.h"
#include "unit/elastic/world.h"

namespace dbxes::connector {

inline constexpr const char* kConnectorIndex = ".elastic-connectors";
inline constexpr const char* kJobIndex = ".elastic-connectors-sync-jobs";

inline std::string JsonText(const rapidjson::Value& value) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  value.Accept(writer);
  return std::string(View(buffer));
}

struct ConnectorWorld : elastic::World {
  ConnectorWorld() {
    config.elasticsearch = elastic::TestElasticConfig();
    config.connector.id = "c1";
    config.config_file = "/etc/dbx-es/dbx-es.toml";
    config.dropbox.app_key = "the app key";
    config.dropbox.app_secret = config::Secret("the app secret");
    config.dropbox.refresh_token = config::Secret("the refresh token");
  }

  std::vector<std::string> RegisterNow(Registration registration = {}) {
    const auto done = Register(store, config, registration, clock);
    return done ? *done : std::vector<std::string>{done.error().ToLine()};
  }
  rapidjson::Document Connector() const { return Document(kConnectorIndex, "c1"); }
  rapidjson::Document Document(const std::string& index, const std::string& id) const {
    rapidjson::Document document;
    document.Parse(elastic.Source(index, id).value_or("null").c_str());
    return document;
  }
  // The value at a path, as JSON; "absent" if there is none, "null" if it is null.
  static std::string At(const rapidjson::Value& document, std::string_view path) {
    const rapidjson::Value* value = &document;
    while (!path.empty()) {
      const std::string_view key = path.substr(0, path.find('.'));
      path.remove_prefix(std::min(path.size(), key.size() + 1));
      if (!value->IsObject()) return "absent";
      const auto found = value->FindMember(std::string(key).c_str());
      if (found == value->MemberEnd()) return "absent";
      value = &found->value;
    }
    return JsonText(*value);
  }
  std::string Shows(std::string_view path) const { return At(Connector(), path); }
  // Somebody else changes members of a document.
  void Change(const std::string& index, const std::string& id, std::string_view members) {
    rapidjson::Document document = Document(index, id);
    rapidjson::Document patch;
    patch.Parse(members.data(), members.size());
    MergeJson(document, patch, document.GetAllocator());
    elastic.Put(index, id, JsonText(document));
  }

  config::Config config;
  ProtocolStore store{client};
};

}  // namespace dbxes::connector

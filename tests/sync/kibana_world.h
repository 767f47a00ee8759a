// SPDX-License-Identifier: Apache-2.0
// A world with a connector, and the documents that Kibana shows of it.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/json/json.h"
#include "connector/connector_document.h"
#include "support/sync_world.h"

namespace dbxes {

inline constexpr char kConnectors[] = ".elastic-connectors";
inline constexpr char kJobs[] = ".elastic-connectors-sync-jobs";

struct KibanaWorld : SyncWorld {
  KibanaWorld() {
    for (int i = 0; i < 8; ++i) tree().AddFile(fmt::format("/{}.txt", i), "text");
    elastic.CreateIndex(".elastic-connectors-v1");
    elastic.CreateIndex(".elastic-connectors-sync-jobs-v1");
    elastic.AddAlias(kConnectors, ".elastic-connectors-v1");
    elastic.AddAlias(kJobs, ".elastic-connectors-sync-jobs-v1");
    config.connector.id = "c1";
    elastic.Put(kConnectors, "c1", connector::NewConnector(config, "Dropbox", clock.WallMicros()));
    elastic.ClearBooks();
  }

  std::string Connector(std::string_view member) const { return Member(kConnectors, "c1", member); }
  // Of the job that ran last.
  std::string Job(std::string_view member) const {
    const auto connector = ParseJson(elastic.Source(kConnectors, "c1").value(), "connector");
    const rapidjson::Value* id = FindPath(*connector, {"dbx_es", "job"});
    return id == nullptr ? "no job" : Member(kJobs, std::string(View(*id)), member);
  }
  std::string Member(const char* index, const std::string& id, std::string_view member) const {
    const auto document = ParseJson(elastic.Source(index, id).value_or("{}"), "document");
    const rapidjson::Value* value = FindMember(*document, member);
    if (value == nullptr || value->IsNull()) return "null";
    if (value->IsString()) return std::string(View(*value));
    return value->IsUint64() ? fmt::format("{}", value->GetUint64()) : "another type";
  }
  // Somebody presses a button in Kibana.
  void CancelJobs() {
    for (const auto& [id, source] : elastic.Documents(kJobs)) {
      auto job = ParseJson(source, "job");
      (*job)["status"].SetString("canceling");
      elastic.Put(kJobs, id, JsonText(*job));
    }
  }
  bool Warned(std::string_view text) const {
    for (const std::string& line : reporter.lines) {
      if (line.starts_with("warning: ") && line.find(text) != std::string::npos) return true;
    }
    return false;
  }
};

}  // namespace dbxes

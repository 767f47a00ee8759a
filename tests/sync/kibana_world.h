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
  // The id of the job that ran last, "" if none did.
  std::string LastJob() const {
    const auto connector = ParseJson(elastic.Source(kConnectors, "c1").value(), "connector");
    std::string last;
    std::string begun;
    for (const char* member : {"job", "access_job"}) {
      const rapidjson::Value* id = FindPath(*connector, {"dbx_es", member});
      if (id == nullptr || !id->IsString()) continue;
      std::string time = Member(kJobs, std::string(View(*id)), "started_at");
      if (!last.empty() && time < begun) continue;
      last = View(*id);
      begun = std::move(time);
    }
    return last;
  }
  std::string Job(std::string_view member) const {
    const std::string id = LastJob();
    return id.empty() ? "no job" : Member(kJobs, id, member);
  }
  std::string Member(const char* index, const std::string& id, std::string_view member) const {
    const auto document = ParseJson(elastic.Source(index, id).value_or("{}"), "document");
    const rapidjson::Value* value = FindMember(*document, member);
    if (value == nullptr || value->IsNull()) return "null";
    if (value->IsString()) return std::string(View(*value));
    return value->IsUint64() ? fmt::format("{}", value->GetUint64()) : "another type";
  }
  // A document as a changed one.
  template <class Change>
  void ChangeConnector(Change change) {
    auto connector = ParseJson(elastic.Source(kConnectors, "c1").value(), "connector");
    change(*connector);
    elastic.Put(kConnectors, "c1", JsonText(*connector));
  }
  static std::string ExcludeName(std::string_view name) {
    return fmt::format(R"({{"id":"r1","policy":"exclude","field":"name","rule":"equals",)"
                       R"("value":"{}","order":0}})",
                       name);
  }
  // As a verdict leaves it. "" for no rule.
  void ActivateRule(const std::string& rule) {
    ChangeConnector([&](rapidjson::Document& connector) {
      rapidjson::Document rules(&connector.GetAllocator());
      rules.Parse(("[" + rule + "]").c_str());
      connector["filtering"][0]["active"]["rules"].Swap(rules);
    });
  }
  // Buttons of Kibana: "Sync now", ...
  void PressSync(const std::string& id, const std::string& type = "full",
                 const std::string& status = "pending") {
    elastic.Put(kJobs, id,
                fmt::format(R"({{"connector":{{"id":"c1"}},"status":"{}","job_type":"{}",)"
                            R"("trigger_method":"on_demand","created_at":{},"last_seen":null}})",
                            status, type, clock.WallMicros() / 1000));
  }
  // A job with the rules that were active when it was made.
  void PressSyncWithRule(const std::string& id, const std::string& type, const std::string& rule) {
    elastic.Put(kJobs, id,
                fmt::format(R"({{"connector":{{"id":"c1","filtering":{{"rules":[{}]}}}},)"
                            R"("status":"pending","job_type":"{}","created_at":{},)"
                            R"("last_seen":null}})",
                            rule, type, clock.WallMicros() / 1000));
  }
  std::string OfJob(const std::string& id, std::string_view member) const {
    return Member(kJobs, id, member);
  }
  // Why the job was a full sync, "" if it was as its type says.
  std::string FullBecause(const std::string& id) const {
    const auto job = ParseJson(elastic.Source(kJobs, id).value(), "job");
    const rapidjson::Value* why = FindPath(*job, {"metadata", "dbx_es", "full_sync"});
    return why == nullptr ? "" : std::string(View(*why));
  }
  void Schedule(const char* kind, const char* interval, bool enabled) {
    ChangeConnector([&](rapidjson::Document& connector) {
      rapidjson::Value& schedule = connector["scheduling"][kind];
      schedule["enabled"].SetBool(enabled);
      schedule["interval"].SetString(interval, connector.GetAllocator());
    });
  }
  // Saves a draft of one rule and the rule DEFAULT.
  void EditDraft(const std::string& rule) {
    ChangeConnector([&](rapidjson::Document& connector) {
      auto& allocator = connector.GetAllocator();
      rapidjson::Document rules(&allocator);
      rules.Parse(("[" + rule +
                   R"(,{"id":"DEFAULT","policy":"include","field":"_","rule":"regex",)"
                   R"("value":".*","order":1}])")
                      .c_str());
      rapidjson::Value& draft = connector["filtering"][0]["draft"];
      draft["rules"].Swap(rules);
      draft["validation"]["state"].SetString("edited");
    });
  }
  // What a second does: searches see all jobs.
  void RefreshJobs() {
    for (const auto& [id, source] : elastic.Documents(kJobs)) elastic.Put(kJobs, id, source);
  }
  // All jobs ("Cancel syncs"): those that wait are canceled at once.
  void CancelSyncs() {
    for (const auto& [id, source] : elastic.Documents(kJobs)) {
      auto job = ParseJson(source, "job");
      auto& allocator = job->GetAllocator();
      const std::string status(StringMember(*job, "status"));
      if (status == "in_progress") (*job)["status"].SetString("canceling");
      if (status == "pending" || status == "suspended") {
        (*job)["status"].SetString("canceled");
        job->RemoveMember("completed_at");
        job->AddMember("completed_at", clock.WallMicros() / 1000, allocator);
      }
      elastic.Put(kJobs, id, JsonText(*job));
    }
    ChangeConnector([](rapidjson::Document& connector) {
      connector["last_sync_status"].SetString("canceled");
      connector["last_access_control_sync_status"].SetString("canceled");
    });
  }
  // The job that runs is canceled.
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

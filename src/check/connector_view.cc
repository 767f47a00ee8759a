// SPDX-License-Identifier: Apache-2.0
#include "check/connector_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "connector/connector_badge.h"
#include "connector/connector_document.h"
#include "connector/due.h"
#include "connector/job_document.h"
#include "connector/protocol_store.h"
#include "connector/protocol_time.h"
#include "connector/sync_rules.h"

namespace dbxes::check {
namespace {

using Findings = std::vector<ConnectorFinding>;

constexpr std::string_view kConnector = "connector";
constexpr std::string_view kJobs = "connector jobs";
constexpr std::string_view kSchedules = "connector schedules";
constexpr std::string_view kRules = "connector rules";
constexpr std::string_view kClock = "connector clock";
constexpr std::string_view kRunIt = "run dbx-es connector run each minute: see dbx-es-kibana(7)";
// `connector run` looks each minute.
constexpr std::int64_t kLateMicros = 300'000'000;
constexpr std::size_t kMostJobs = 5;

std::string_view OrUnknown(std::string_view text) { return text.empty() ? "unknown" : text; }

void AddBadge(const connector::Badge& badge, const std::string& id, Findings& findings) {
  const std::string shown = fmt::format("Kibana shows {} as {}", id, badge.text);
  if (badge.bad) {
    findings.push_back({kConnector,
                        badge.why.empty() ? shown : fmt::format("{}: {}", shown, badge.why),
                        "a sync that succeeds clears it"});
  } else {
    findings.push_back(
        {kConnector, badge.why.empty() ? shown : fmt::format("{}, with {}", shown, badge.why)});
  }
}

// What the form in Kibana has to do with it.
void AddForm(const rapidjson::Value& source, const config::Config& config, Findings& findings) {
  if (!config.connector.problem.empty()) {
    findings.push_back({kConnector, config.connector.problem,
                        "correct it in Kibana, on the page of the connector"});
  }
  if (StringMember(source, "status") != "needs_configuration") return;
  findings.push_back({kConnector, "it waits for app key and refresh token",
                      "fill in its form in Kibana, or the configuration of dbx-es"});
}

ConnectorFinding OfJob(const connector::StoredDocument& job, std::int64_t micros) {
  const rapidjson::Value& source = job.source;
  const std::string type(OrUnknown(StringMember(source, "job_type")));
  const std::string_view host = OrUnknown(StringMember(source, "worker_hostname"));
  const std::string_view seen = OrUnknown(StringMember(source, "last_seen"));
  if (!connector::IsWaiting(source)) {
    if (!connector::IsSilent(source, micros)) {
      return {kJobs, fmt::format("{}: runs on {}, last seen {}", type, host, seen)};
    }
    return {kJobs,
            fmt::format("{}: its run on {} was last seen {} and has ended", type, host, seen),
            "the next run, or dbx-es connector run, closes the job"};
  }
  const rapidjson::Value* created = FindMember(source, "created_at");
  const auto since = created == nullptr ? std::nullopt : connector::ReadTime(*created);
  const std::string when = since ? connector::FormatTime(*since) : "an unknown time";
  const std::string text =
      fmt::format("{}: {} since {}", type, StringMember(source, "status"), when);
  const bool late = !since || micros - *since > kLateMicros;
  return {kJobs, text, late ? std::string(kRunIt) : std::string()};
}

void AddJobs(const std::vector<connector::StoredDocument>& jobs, std::int64_t micros,
             Findings& findings) {
  if (jobs.empty()) findings.push_back({kJobs, "none waits or runs"});
  for (std::size_t at = 0; at < jobs.size() && at < kMostJobs; ++at) {
    findings.push_back(OfJob(jobs[at], micros));
  }
  if (jobs.size() > kMostJobs) {
    findings.push_back({kJobs, fmt::format("{} more wait or run", jobs.size() - kMostJobs)});
  }
}

void AddSchedules(const rapidjson::Value& source, const config::Config& config, std::int64_t micros,
                  Findings& findings) {
  // A sync that `connector run` makes keeps it from looking.
  const auto under_way = [&](connector::JobType type) {
    return StringMember(source, connector::LockMember(type)) == "in_progress";
  };
  const bool busy =
      under_way(connector::JobType::kFull) || under_way(connector::JobType::kAccessControl);
  for (const connector::EnabledSchedule& schedule :
       connector::EnabledSchedules(source, config.dropbox.use_document_level_security, micros)) {
    const std::string_view type = connector::NameOf(schedule.type);
    const bool late = schedule.due && micros - *schedule.due > kLateMicros;
    if (!schedule.problem.empty()) {
      findings.push_back({kSchedules, fmt::format("{}: {}", type, schedule.problem),
                          "change the schedule in Kibana"});
    } else if (!busy && (!schedule.watched || late)) {
      findings.push_back({kSchedules,
                          fmt::format("{}: nothing starts the syncs of this schedule", type),
                          std::string(kRunIt)});
    } else {
      const std::string next = schedule.next ? connector::FormatTime(*schedule.next) : "never";
      findings.push_back({kSchedules, fmt::format("{}: next at {}", type, next)});
    }
  }
}

const rapidjson::Value* DraftState(const rapidjson::Value& source) {
  const rapidjson::Value* filtering = FindMember(source, "filtering");
  if (filtering == nullptr || !filtering->IsArray() || filtering->Empty()) return nullptr;
  const rapidjson::Value& domain = (*filtering)[0];
  return domain.IsObject() ? FindPath(domain, {"draft", "validation", "state"}) : nullptr;
}

void AddDraft(const rapidjson::Value& source, Findings& findings) {
  const rapidjson::Value* state = DraftState(source);
  if (state == nullptr || !state->IsString()) return;
  if (View(*state) == "edited") {
    findings.push_back({kRules, "a draft waits for its verdict", std::string(kRunIt)});
  } else if (View(*state) == "invalid") {
    findings.push_back({kRules, "the draft is invalid; the active rules stay",
                        "Kibana's page \"Sync rules\" shows why"});
  }
}

void AddRules(const rapidjson::Value& source, const config::Config& config, ConnectorView& view) {
  auto active = connector::ReadKibanaRules(connector::ActiveRules(source), config.connector.id);
  const bool uses = config.UsesKibanaRules();
  if (!active) {
    if (uses) {
      view.findings.push_back(
          {kRules, active.error().message, "correct them on Kibana's page \"Sync rules\""});
    }
  } else if (uses) {
    view.findings.push_back({kRules, fmt::format("{} of Kibana", rules::FingerprintOf(*active))});
    view.rules = *std::move(active);
  } else if (!active->Empty()) {
    view.findings.push_back({kRules,
                             fmt::format("Kibana has active rules ({}), which are not used",
                                         rules::FingerprintOf(*active)),
                             config.sync.rules_file.empty()
                                 ? "set connector.rules = true, or remove them in Kibana"
                                 : "remove sync.rules to use them, or remove them in Kibana"});
  }
  if (uses) AddDraft(source, view.findings);
}

// Times that another program, or this one with another clock, has written.
void AddClock(const rapidjson::Value& source, std::int64_t micros, Findings& findings) {
  for (const char* member :
       {"last_seen", "last_sync_scheduled_at", "last_incremental_sync_scheduled_at",
        "last_access_control_sync_scheduled_at"}) {
    const rapidjson::Value* value = FindMember(source, member);
    const auto time = value == nullptr ? std::nullopt : connector::ReadTime(*value);
    if (!time || *time - micros <= kLateMicros) continue;
    findings.push_back(
        {kClock,
         fmt::format("{} is {}, which is yet to come", member, connector::FormatTime(*time)),
         "set the clocks of this machine and of the other programs by NTP"});
  }
}

}  // namespace

Result<ConnectorView> ViewConnector(elastic::Client& client, const config::Config& config,
                                    const Clock& clock) {
  connector::ProtocolStore store(client);
  TRY_ASSIGN(const auto found,
             store.Read(connector::ProtocolIndex::kConnectors, config.connector.id));
  if (!found) return Fail(connector::NoConnector(config));
  const rapidjson::Value& source = found->source;
  TRY(connector::CheckConnector(source, config, /*registers=*/false));
  TRY_ASSIGN(const auto jobs, store.OpenJobs(config.connector.id));
  const std::int64_t micros = clock.WallMicros();
  ConnectorView view;
  AddBadge(connector::BadgeOf(source, micros), config.connector.id, view.findings);
  AddForm(source, config, view.findings);
  AddJobs(jobs, micros, view.findings);
  AddSchedules(source, config, micros, view.findings);
  AddRules(source, config, view);
  AddClock(source, micros, view.findings);
  return view;
}

}  // namespace dbxes::check

// SPDX-License-Identifier: Apache-2.0
// The connector that Kibana shows of this target.
#include <fmt/format.h>

#include "check/check_parts.h"
#include "connector/connector_badge.h"
#include "connector/connector_document.h"
#include "connector/due.h"
#include "connector/job_document.h"
#include "connector/protocol_store.h"
#include "connector/protocol_time.h"

namespace dbxes::check {
namespace {

constexpr std::string_view kLine = "connector";

constexpr std::string_view kScheduleLine = "connector schedules";
// `connector run` looks each minute.
constexpr std::int64_t kLateMicros = 300'000'000;

void ReportSchedules(const rapidjson::Value& source, const config::Config& config,
                     std::int64_t micros, CheckReport& report) {
  const auto schedules =
      connector::EnabledSchedules(source, config.dropbox.use_document_level_security, micros);
  // A sync that `connector run` makes keeps it from looking.
  const auto under_way = [&](connector::JobType type) {
    return StringMember(source, connector::LockMember(type)) == "in_progress";
  };
  const bool busy =
      under_way(connector::JobType::kFull) || under_way(connector::JobType::kAccessControl);
  for (const connector::EnabledSchedule& schedule : schedules) {
    const std::string_view type = connector::NameOf(schedule.type);
    const bool late = schedule.due && micros - *schedule.due > kLateMicros;
    if (!schedule.problem.empty()) {
      report.Warn(kScheduleLine, fmt::format("{}: {}", type, schedule.problem),
                  "change the schedule in Kibana");
    } else if (!busy && (!schedule.watched || late)) {
      report.Warn(kScheduleLine, fmt::format("{}: nothing starts the syncs of this schedule", type),
                  "run dbx-es connector run each minute: see dbx-es-kibana(7)");
    } else {
      const std::string next = schedule.next ? connector::FormatTime(*schedule.next) : "never";
      report.Ok(kScheduleLine, fmt::format("{}: next at {}", type, next));
    }
  }
}

void ReportBadge(const connector::Badge& badge, const std::string& id, CheckReport& report) {
  const std::string shown = fmt::format("Kibana shows {} as {}", id, badge.text);
  if (badge.bad) {
    return report.Warn(kLine, badge.why.empty() ? shown : fmt::format("{}: {}", shown, badge.why),
                       "a sync that succeeds clears it");
  }
  report.Ok(kLine, badge.why.empty() ? shown : fmt::format("{}, with {}", shown, badge.why));
}

}  // namespace

void CheckConnector(elastic::Client& client, const config::Config& config, const Clock& clock,
                    CheckReport& report) {
  const std::string& id = config.connector.id;
  if (id.empty()) return;
  connector::ProtocolStore store(client);
  const auto found = store.Read(connector::ProtocolIndex::kConnectors, id);
  if (!found && found.error().kind == ErrorKind::kInterrupted) return;
  if (!found) return report.Problem(kLine, found.error());
  if (!*found) {
    return report.Problem(kLine, ExitCode::kConfiguration, fmt::format("there is no {}", id),
                          "run dbx-es connector register");
  }
  const rapidjson::Value& source = (*found)->source;
  const auto usable = connector::CheckConnector(source, config, /*registers=*/false);
  if (!usable) {
    return report.Problem(kLine, usable.error(), "see dbx-es-kibana(7), or choose another id");
  }
  ReportBadge(connector::BadgeOf(source, clock.WallMicros()), id, report);
  ReportSchedules(source, config, clock.WallMicros(), report);
}

}  // namespace dbxes::check

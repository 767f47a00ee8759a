// SPDX-License-Identifier: Apache-2.0
// The connector that Kibana shows of this target.
#include <fmt/format.h>

#include "check/check_parts.h"
#include "connector/connector_badge.h"
#include "connector/connector_document.h"
#include "connector/protocol_store.h"

namespace dbxes::check {
namespace {

constexpr std::string_view kLine = "connector";

// Kibana's own schedules start nothing.
bool HasSchedules(const rapidjson::Value& connector) {
  for (const char* kind : {"full", "incremental", "access_control"}) {
    const rapidjson::Value* schedule = FindPath(connector, {"scheduling", kind});
    if (schedule != nullptr && BoolMember(*schedule, "enabled", false)) return true;
  }
  return false;
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
  if (!HasSchedules(source)) return;
  report.Warn("connector schedules", "Kibana has schedules, which start no sync of dbx-es",
              "schedule the runs with cron or systemd, and turn the schedules off in Kibana");
}

}  // namespace dbxes::check

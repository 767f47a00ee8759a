// SPDX-License-Identifier: Apache-2.0
// The connector that Kibana shows of this target.
#include <utility>

#include "check/check_parts.h"
#include "check/connector_view.h"

namespace dbxes::check {

std::optional<rules::RuleSet> CheckConnector(elastic::Client& client, const config::Config& config,
                                             const Clock& clock, CheckReport& report) {
  if (config.connector.id.empty()) return std::nullopt;
  auto view = ViewConnector(client, config, clock);
  if (!view && view.error().kind == ErrorKind::kInterrupted) return std::nullopt;
  if (!view) {
    report.Problem("connector", view.error(),
                   view.error().kind == ErrorKind::kConfig
                       ? "see dbx-es-kibana(7), or choose another id"
                       : "");
    return std::nullopt;
  }
  for (ConnectorFinding& finding : view->findings) {
    if (finding.advice.empty()) {
      report.Ok(finding.about, std::move(finding.text));
    } else {
      report.Warn(finding.about, std::move(finding.text), std::move(finding.advice));
    }
  }
  return std::move(view->rules);
}

}  // namespace dbxes::check

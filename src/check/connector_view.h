// SPDX-License-Identifier: Apache-2.0
// What Kibana and the cluster show of the connector, for check and status: one finding for each
// thing, in the order in which people look.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/config.h"
#include "elastic/client.h"
#include "rules/rule_set.h"

namespace dbxes::check {

struct ConnectorFinding {
  std::string_view about;  // "connector", "connector jobs", ...
  std::string text;
  std::string advice = {};  // "" if nothing is wrong
};

struct ConnectorView {
  std::vector<ConnectorFinding> findings;
  // Those of a run, where the rules of Kibana count and can be used.
  std::optional<rules::RuleSet> rules;
};

// Two requests. kConfig if there is no such connector, or it cannot be used (connector_document.h).
Result<ConnectorView> ViewConnector(elastic::Client& client, const config::Config& config,
                                    const Clock& clock);

}  // namespace dbxes::check

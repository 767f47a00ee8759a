// SPDX-License-Identifier: Apache-2.0
// Sync rules that people edit in Kibana (Elastic's "Connector Protocol": sync rules). They edit a
// draft; a connector gives its verdict on it, and makes a valid draft the active rules. No I/O.
#pragma once

#include <optional>
#include <string>

#include "base/json/json.h"
#include "base/result.h"
#include "config/config.h"
#include "rules/rule_set.h"

namespace dbxes::connector {

// The active rules of a connector as JSON; "" if it has none.
std::string ActiveRules(const rapidjson::Value& connector);
// The rules that a job carries, which are those of its connector when it was made; "" if it carries
// none, as jobs of older programs.
std::string RulesOfJob(const rapidjson::Value& job);

// The rules of a run; those of `json` "" take everything. kConfig, naming each rule by its id, if
// they cannot be used.
Result<rules::RuleSet> ReadKibanaRules(const std::string& json, const std::string& connector);

// The member `filtering` of the connector after the verdict on its draft: a valid draft is active
// as well, an invalid one has a message for each rule. Nothing if no draft waits for a verdict.
std::optional<std::string> Judged(const rapidjson::Value& connector, const config::Config& config);

}  // namespace dbxes::connector

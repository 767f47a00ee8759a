// SPDX-License-Identifier: Apache-2.0
// The parts of check, one file each. Only check.cc calls them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/http/event_loop.h"
#include "check/check.h"
#include "checkpoint/state_place.h"
#include "dropbox/client.h"
#include "elastic/client.h"
#include "rules/rule_set.h"

namespace dbxes::check {

// The settings, and which users can read the secrets among them.
void CheckConfig(const config::LoadedConfig& loaded, CheckReport& report);

// Token, team, scopes, path and clock. Returns the account if Dropbox names it.
std::optional<dropbox::Account> CheckDropbox(EventLoop& loop, dropbox::Client& client,
                                             const config::Config& config, CheckReport& report);

// The state of the index that decides which privileges are needed.
struct IndexFindings {
  bool exists = false;
  bool lacks_fields = false;
  bool lacks_keeper = false;
};
// Cluster, licence, index, mapping, pipeline. Nothing when the cluster does not answer.
// `was_synced`: asked whether the state knows an index, where the index is absent.
std::optional<IndexFindings> CheckElastic(elastic::Client& client, const config::Config& config,
                                          const std::function<bool()>& was_synced,
                                          CheckReport& report);
// Whether an earlier run has left the state of an index.
bool WasSynced(checkpoint::StatePlace& place);
// Whether the index, which exists, is the one that the state knows, and who keeps it. True if its
// mapping names no keeper, as the next full sync writes it there.
bool CheckKeeper(checkpoint::StatePlace& place, elastic::Client& client,
                 const config::Config& config, CheckReport& report);
// The indices beside the index, where there are such: whether runs can write them, and whether the
// identities are still there.
void CheckCompanions(elastic::Client& client, const config::Config& config, IndexFindings index,
                     checkpoint::StatePlace& place, CheckReport& report);
// The pipelines that documents pass through: those of the index ("" for none), and
// elasticsearch.pipeline.
void CheckPipelines(elastic::Client& client, const config::Config& config,
                    std::vector<std::string> of_index, CheckReport& report);
// The privileges of the credential.
void CheckPrivileges(elastic::Client& client, const config::Config& config, IndexFindings index,
                     CheckReport& report);

// What Kibana shows of this target, with connector.id. Returns the sync rules of a run, where those
// of Kibana count and can be used.
std::optional<rules::RuleSet> CheckConnector(elastic::Client& client, const config::Config& config,
                                             const Clock& clock, CheckReport& report);

// The extraction service, or pdftotext.
void CheckExtraction(Environment& environment, EventLoop& loop, const config::Config& config,
                     CheckReport& report);
// Log, metrics and ping, where they are set.
void CheckReporting(Environment& environment, EventLoop& loop, const config::Config& config,
                    CheckReport& report);
// The rules file, the place of the state (null where the configuration names none) and what is in
// it. `account`: of the token. `kibana_rules`: of CheckConnector.
void CheckState(Environment& environment, const config::Config& config,
                checkpoint::StatePlace* place, const std::optional<dropbox::Account>& account,
                const std::optional<rules::RuleSet>& kibana_rules, CheckReport& report);

}  // namespace dbxes::check

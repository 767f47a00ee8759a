// SPDX-License-Identifier: Apache-2.0
// The parts of check, a file for each. Only check.cc puts them together.
#pragma once

#include <optional>

#include "base/http/event_loop.h"
#include "check/check.h"
#include "dropbox/client.h"
#include "elastic/client.h"

namespace dbxes::check {

// The settings and who can read the secrets among them.
void CheckConfig(const config::LoadedConfig& loaded, CheckReport& report);

// Token, team, scopes, path and clock. The account, once it is known.
std::optional<dropbox::Account> CheckDropbox(EventLoop& loop, dropbox::Client& client,
                                             const config::Config& config, CheckReport& report);

// What the index is like, as far as it decides which privileges are needed.
struct IndexFindings {
  bool exists = false;
  bool lacks_fields = false;
};
// Cluster, licence, index, mapping, pipeline. Nothing when the cluster does not answer, so that
// there is nothing more to be asked.
std::optional<IndexFindings> CheckElastic(elastic::Client& client, const config::Config& config,
                                          CheckReport& report);
// What the credential may do.
void CheckPrivileges(elastic::Client& client, const config::Config& config, IndexFindings index,
                     CheckReport& report);

// Where the text of files comes from.
void CheckExtraction(Environment& environment, EventLoop& loop, const config::Config& config,
                     CheckReport& report);
// The rules file, the state folder and what earlier runs left in it. `account`: of the token.
void CheckState(Environment& environment, const config::Config& config,
                const std::optional<dropbox::Account>& account, CheckReport& report);

}  // namespace dbxes::check

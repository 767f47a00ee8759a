// SPDX-License-Identifier: Apache-2.0
// The parts of check, a file for each. Only check.cc puts them together.
#pragma once

#include <optional>

#include "base/event_loop.h"
#include "check/check.h"
#include "dropbox/client.h"
#include "elastic/elastic_client.h"

namespace dbxes {

// The settings and who can read the secrets among them.
void CheckConfig(const LoadedConfig& loaded, CheckReport& report);

// Token, team, scopes, path and clock. The account, once it is known.
std::optional<Account> CheckDropbox(EventLoop& loop, DropboxClient& client, const Config& config,
                                    CheckReport& report);

// What the index is like, as far as it decides which privileges are needed.
struct IndexFindings {
  bool exists = false;
  bool lacks_fields = false;
};
// Cluster, licence, index, mapping, pipeline. Nothing when the cluster does not answer, so that
// there is nothing more to be asked.
std::optional<IndexFindings> CheckElastic(ElasticClient& client, const Config& config,
                                          CheckReport& report);
// What the credential may do.
void CheckPrivileges(ElasticClient& client, const Config& config, IndexFindings index,
                     CheckReport& report);

// Where the text of files comes from.
void CheckExtraction(CheckEnvironment& environment, EventLoop& loop, const Config& config,
                     CheckReport& report);
// The rules file, the state folder and what earlier runs left in it. `account`: of the token.
void CheckState(CheckEnvironment& environment, const Config& config,
                const std::optional<Account>& account, CheckReport& report);

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
// Makes the connector that Kibana shows, and removes it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/config.h"
#include "connector/protocol_store.h"

namespace dbxes::connector {

struct Registration {
  std::string name;  // "" for one that is made of the index; an existing connector keeps its own
  bool dry_run = false;  // says what it would do
};

// "dbx-es-docs" for the index docs.
std::string UsualId(const std::string& index);

// Makes the connector config.connector.id, or completes the one that exists; what is there stays.
// Sentences on what was done. kConfig: there is such a connector, which dbx-es cannot use.
Result<std::vector<std::string>> Register(ProtocolStore& store, const config::Config& config,
                                          const Registration& registration, const Clock& clock);

// Removes the connector and its jobs, if Register made it. kConfig if there is none, or somebody
// else made it; kLocked while one of its jobs runs.
Result<std::vector<std::string>> Unregister(ProtocolStore& store, const config::Config& config,
                                            bool dry_run);

}  // namespace dbxes::connector

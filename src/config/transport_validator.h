// SPDX-License-Identifier: Apache-2.0
// What does not go together in proxies, certificates and unprotected connections.
#pragma once

#include <string>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::config {

// One sentence per contradiction, naming origins.
std::vector<std::string> CheckTransports(const LoadedConfig& loaded, const LoadRequest& request,
                                         const ConfigSources& sources);

}  // namespace dbxes::config

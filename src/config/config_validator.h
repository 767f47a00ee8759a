// SPDX-License-Identifier: Apache-2.0
// Contradictions among settings.
#pragma once

#include <string>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::config {

// One sentence per contradiction, with origins. Among settings that are never in Kibana: before the
// cluster is asked for those that are.
std::vector<std::string> CheckLocal(const LoadedConfig& loaded, const LoadRequest& request,
                                    const ConfigSources& sources);
// What is missing before the cluster can be asked.
std::vector<std::string> CheckGiven(const LoadedConfig& loaded, const LoadRequest& request);
// Among those that may be in Kibana, and what follows from them.
std::vector<std::string> CheckForm(const LoadedConfig& loaded, const LoadRequest& request,
                                   const ConfigSources& sources);

}  // namespace dbxes::config

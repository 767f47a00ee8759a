// SPDX-License-Identifier: Apache-2.0
// Contradictions among settings.
#pragma once

#include <string>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::config {

// One sentence per contradiction, with origins.
std::vector<std::string> CrossCheck(const LoadedConfig& loaded, const LoadRequest& request,
                                    const ConfigSources& sources);

}  // namespace dbxes::config

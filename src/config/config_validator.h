// SPDX-License-Identifier: Apache-2.0
// What no single setting can tell: what is missing, and what does not go together.
#pragma once

#include <string>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::config {

// The required settings that nothing gave a value.
std::vector<const OptionRow*> MissingSettings(const LoadedConfig& loaded,
                                              const LoadRequest& request);

// One sentence per contradiction, naming origins.
std::vector<std::string> CrossCheck(const LoadedConfig& loaded, const LoadRequest& request,
                                    const ConfigSources& sources);

}  // namespace dbxes::config

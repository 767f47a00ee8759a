// SPDX-License-Identifier: Apache-2.0
// Required settings without a value, and how to set up dbx-es.
#pragma once

#include <vector>

#include "config/config_loader.h"

namespace dbxes::config {

// The required settings that have no value.
std::vector<const OptionRow*> MissingSettings(const LoadedConfig& loaded,
                                              const LoadRequest& request);

// The problems of `missing`: none if it is empty; the three steps of a first start if nothing is
// configured at all.
std::vector<ConfigProblem> DescribeMissing(const std::vector<const OptionRow*>& missing,
                                           const LoadedConfig& loaded, const LoadRequest& request,
                                           const ConfigSources& sources);

}  // namespace dbxes::config

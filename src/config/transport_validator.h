// SPDX-License-Identifier: Apache-2.0
// Contradictions among the settings of proxies, certificates and unencrypted connections.
#pragma once

#include <string>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::config {

// One sentence per contradiction, with origins.
std::vector<std::string> CheckTransports(const LoadedConfig& loaded, const LoadRequest& request,
                                         const ConfigSources& sources);
// Of the extraction service, which the mode of extraction decides about.
std::vector<std::string> CheckServiceTransport(const LoadedConfig& loaded,
                                               const ConfigSources& sources);

}  // namespace dbxes::config

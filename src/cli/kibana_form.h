// SPDX-License-Identifier: Apache-2.0
// Asks the cluster for the settings that people made in Kibana, while the configuration is loaded.
#pragma once

#include "base/result.h"
#include "config/config_loader.h"

namespace dbxes::cli {

// See ConfigSources::read_form. One request. kConfig: there is no such connector, or it cannot be
// used.
Result<config::ConnectorForm> ReadKibanaForm(const config::Config& config);

}  // namespace dbxes::cli

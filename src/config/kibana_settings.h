// SPDX-License-Identifier: Apache-2.0
// Settings that people make in the form of the connector in Kibana. Part of the loader.
#pragma once

#include "config/config_loader.h"

namespace dbxes::config {

// Whether the form of a connector has the setting.
bool IsInKibanaForm(const OptionRow& row);

// Sets the settings of the form that have no value elsewhere, and notes in Config::connector what
// has one, what cannot be used and what could not be read. Called once all else is known but what
// follows from the settings of the form. `consistent`: the other settings do not contradict each
// other (CheckLocal), so that the cluster may be asked.
void ApplyKibanaSettings(const LoadRequest& request, const ConfigSources& sources, bool consistent,
                         LoadedConfig& loaded);

}  // namespace dbxes::config

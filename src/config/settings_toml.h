// SPDX-License-Identifier: Apache-2.0
// Writes settings as the text of a configuration file. No I/O.
#pragma once

#include <functional>
#include <string>

#include "config/config_loader.h"

namespace dbxes::config {

// The settings for which `wanted` is true, with their sections, in the order of OptionTable().
// Without `with_secrets` it contains the origin of each secret instead.
std::string SettingsToml(const LoadedConfig& loaded,
                         const std::function<bool(const OptionRow&)>& wanted, bool with_secrets);

}  // namespace dbxes::config

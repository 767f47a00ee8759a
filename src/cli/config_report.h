// SPDX-License-Identifier: Apache-2.0
// What config show prints: each setting with its value and where it comes from.
#pragma once

#include <string>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::cli {

// "dropbox.path = "/Team"  # FILE:3", TOML but for secrets; settings without a value as comments.
std::vector<std::string> ConfigLines(const config::LoadedConfig& loaded);
// One JSON object on one line.
std::string ConfigJson(const config::LoadedConfig& loaded);

}  // namespace dbxes::cli

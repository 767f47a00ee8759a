// SPDX-License-Identifier: Apache-2.0
// The output of config show: each setting with its value and origin.
#pragma once

#include <string>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::cli {

// "dropbox.path = "/Team"  # FILE:3", which is TOML except for secrets; settings without a value
// are comments.
std::vector<std::string> ConfigLines(const config::LoadedConfig& loaded);
// One JSON object on one line.
std::string ConfigJson(const config::LoadedConfig& loaded);

}  // namespace dbxes::cli

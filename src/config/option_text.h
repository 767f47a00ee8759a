// SPDX-License-Identifier: Apache-2.0
// Converts a value of Config back to the text of the configuration file. No I/O.
#pragma once

#include <string>

#include "config/config_loader.h"

namespace dbxes::config {

// A TOML string with its quotes.
std::string TomlString(std::string_view text);

// The value of a row as TOML. For a secret: <redacted>, without quotes, so that nobody takes it for
// the value.
std::string OptionText(const OptionRow& row, const LoadedConfig& loaded);

}  // namespace dbxes::config

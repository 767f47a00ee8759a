// SPDX-License-Identifier: Apache-2.0
// The other way round: from a value of Config to the text that a person would have written. No I/O.
#pragma once

#include <string>

#include "config/config_loader.h"

namespace dbxes::config {

// A string of TOML with its quotes.
std::string TomlString(std::string_view text);

// The value of a row as it would stand in the file. Of a secret: <redacted>, without quotes, so
// that it cannot be taken for a value.
std::string OptionText(const OptionRow& row, const LoadedConfig& loaded);

}  // namespace dbxes::config

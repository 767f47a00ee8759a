// SPDX-License-Identifier: Apache-2.0
// The configuration file (TOML): its settings with their lines, and its problems. Only
// config_file.cc uses toml++.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/option_value.h"

namespace dbxes::config {

struct FileSetting {
  std::uint32_t line = 0;
  const OptionRow* row = nullptr;
  RawValue value;
};

struct ConfigFile {
  // Both in the order of lines.
  std::vector<FileSetting> settings;
  std::vector<std::string> problems;  // unknown sections and keys
};

// `name` is the path for messages ("NAME:LINE: ..."). kConfig with line and column when the text is
// not TOML at all.
Result<ConfigFile> ParseConfigFile(std::string_view text, const std::string& name);

}  // namespace dbxes::config

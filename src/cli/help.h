// SPDX-License-Identifier: Apache-2.0
// The texts of --help and --version, at most 80 columns wide.
#pragma once

#include <string>

#include "cli/spec/command_table.h"

namespace dbxes::cli {

std::string ProgramHelp();
std::string CommandHelp(const CommandSpec& command);
std::string VersionText();

}  // namespace dbxes::cli

// SPDX-License-Identifier: Apache-2.0
// From arguments to what was asked for. The only file that knows CLI11; the declarations stand in
// cli/command_table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command_table.h"
#include "config/config_loader.h"

namespace dbxes::cli {

struct CommandLine {
  // What is to be printed on standard output instead of running anything (--help, --version).
  std::optional<std::string> print;

  CommandId command = CommandId::kFullSync;
  config::OutputConfig output;
  config::LoadRequest load;
  bool dry_run = false;
  bool force = false;
  bool remove = false;
  bool remote = false;
  bool preview = false;
  config::AuthConfig auth;
  std::string output_file;
  std::vector<std::string> positionals;
};

// `arguments` without the program's name. kUsage: one line, then a hint at the right --help.
Result<CommandLine> ParseCommandLine(std::span<const std::string> arguments);

// What can be told of a command line even when it is wrong, so that its error takes the form asked
// for.
bool AsksForJson(std::span<const std::string> arguments);
std::string CommandNameIn(std::span<const std::string> arguments);  // "" if there is none

}  // namespace dbxes::cli

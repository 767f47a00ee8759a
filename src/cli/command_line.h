// SPDX-License-Identifier: Apache-2.0
// Parses the arguments of the program. Only command_line.cc uses CLI11; the declarations are in
// cli/spec.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/exit_code.h"
#include "cli/spec/command_table.h"
#include "config/config_loader.h"

namespace dbxes::cli {

struct OutputOptions {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
};

struct CommandLine {
  // A text to print instead of running a command (--help, --version), on standard output unless
  // `print_code` is an error.
  std::optional<std::string> print;
  ExitCode print_code = ExitCode::kOk;

  CommandId command = CommandId::kFullSync;
  OutputOptions output;
  config::LoadRequest load;
  CommandValues values;  // of the command's own flags and arguments
};

// `arguments` without the program's name. kUsage: one line, then a hint at the right --help.
Result<CommandLine> ParseCommandLine(std::span<const std::string> arguments);

// Also for a wrong command line, so that its error has the requested form.
bool AsksFor(std::string_view flag, std::span<const std::string> arguments);
std::string CommandNameIn(std::span<const std::string> arguments);  // "" if there is none

}  // namespace dbxes::cli

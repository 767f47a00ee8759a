// SPDX-License-Identifier: Apache-2.0
// The placeholders of man/*.in and completions/*.in. The comment in docgen/main.cc lists them.
#pragma once

#include <vector>

#include "cli/spec/command_table.h"
#include "docgen/template.h"

namespace dbxes::docgen {

std::vector<Placeholder> ManualPlaceholders();  // manual.cc
std::vector<Placeholder> BashPlaceholders();    // bash.cc
std::vector<Placeholder> ZshPlaceholders();     // zsh.cc
std::vector<Placeholder> FishPlaceholders();    // fish.cc

// All of them.
std::vector<Placeholder> AllPlaceholders();

// kUsage: there is no such command.
Result<const cli::CommandSpec*> FindCommand(std::string_view name);

// A placeholder without an argument: Plain<&ExitCodes>.
template <auto Text>
Result<std::string> Plain(std::string_view argument) {
  if (argument.empty()) return Text();
  return Fail(ErrorKind::kUsage, "unexpected argument '" + std::string(argument) + "'");
}

// A placeholder whose argument is a command: OfCommand<&Synopsis>.
template <auto Text>
Result<std::string> OfCommand(std::string_view argument) {
  TRY_ASSIGN(const cli::CommandSpec* command, FindCommand(argument));
  return Text(*command);
}

}  // namespace dbxes::docgen

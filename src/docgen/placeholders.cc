// SPDX-License-Identifier: Apache-2.0
#include "docgen/placeholders.h"

namespace dbxes::docgen {

std::vector<Placeholder> AllPlaceholders() {
  std::vector<Placeholder> all;
  for (const auto& part :
       {ManualPlaceholders(), BashPlaceholders(), ZshPlaceholders(), FishPlaceholders()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Result<const cli::CommandSpec*> FindCommand(std::string_view name) {
  for (const cli::CommandSpec& command : cli::Commands()) {
    if (command.name == name) return &command;
  }
  return Fail(ErrorKind::kUsage, "no command is named '" + std::string(name) + "'");
}

}  // namespace dbxes::docgen

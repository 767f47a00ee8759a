// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "docgen/completion.h"
#include "docgen/placeholders.h"

namespace dbxes::docgen {
namespace {

using cli::CommandSpec;
using cli::FlagSpec;

std::string CommandNames() {
  std::vector<std::string_view> names;
  for (const CommandSpec& command : cli::Commands()) names.push_back(command.name);
  return fmt::format("{}", fmt::join(names, " "));
}

std::string FlagNames() { return fmt::format("{}", fmt::join(Names(cli::GlobalFlags()), " ")); }

// The value of the script's variable `takes`.
std::string Takes(std::string_view placeholder) {
  const Value value = ValueOf(placeholder);
  if (value.file) return "'file'";
  if (value.folder) return "'folder'";
  if (value.words.empty()) return "'anything'";
  return fmt::format("'one of {}'", fmt::join(value.words, " "));
}

// `command` is the pattern of a command; "" for the flags of every command.
std::string ValueCases(std::string_view command, std::span<const FlagSpec> flags) {
  std::string cases;
  for (const FlagSpec& flag : flags) {
    if (flag.value.empty() || flag.value_optional) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : Names(flag)) {
      patterns.push_back(command.empty() ? "*' " + name + "'"
                                         : fmt::format("'{} {}'", command, name));
    }
    cases += fmt::format("    {}) takes={} ;;\n", fmt::join(patterns, " | "), Takes(flag.value));
  }
  return cases;
}

std::string Values() {
  std::string cases;
  for (const CommandSpec& command : cli::Commands()) {
    cases += ValueCases(command.name, command.flags);
  }
  return cases + ValueCases("", cli::GlobalFlags());
}

std::string Arguments() {
  std::string cases;
  for (const CommandSpec& command : cli::Commands()) {
    for (std::size_t i = 0; i < command.positionals.size(); ++i) {
      const cli::PositionalSpec& positional = command.positionals[i];
      // Of one that is repeated, a pattern that matches every number.
      const std::string number = positional.repeated ? "'*" : fmt::format("{}'", i);
      cases +=
          fmt::format("    '{} {}) takes={} ;;\n", command.name, number, Takes(positional.name));
    }
  }
  return cases;
}

std::string Flags() {
  std::string cases;
  for (const CommandSpec& command : cli::Commands()) {
    if (command.flags.empty()) continue;
    cases += fmt::format("    {}) takes+=' {}' ;;\n", command.name,
                         fmt::join(Names(command.flags), " "));
  }
  return cases;
}

}  // namespace

std::vector<Placeholder> BashPlaceholders() {
  return {{"command-names", Plain<&CommandNames>},
          {"flag-names", Plain<&FlagNames>},
          {"bash-values", Plain<&Values>},
          {"bash-arguments", Plain<&Arguments>},
          {"bash-flags", Plain<&Flags>}};
}

}  // namespace dbxes::docgen

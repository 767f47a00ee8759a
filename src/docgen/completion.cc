// SPDX-License-Identifier: Apache-2.0
#include "docgen/completion.h"

#include <fmt/format.h>

namespace dbxes::docgen {

using cli::FlagSpec;

Value ValueOf(std::string_view placeholder) {
  return {.file = placeholder.find("FILE") != std::string_view::npos,
          .folder = placeholder.find("DIR") != std::string_view::npos,
          .words = cli::ChoicesIn(placeholder)};
}

std::vector<std::string> Names(const FlagSpec& flag) {
  std::vector<std::string> names;
  for (const std::string& name : {flag.short_name, flag.name, flag.negated}) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> Names(std::span<const FlagSpec> flags) {
  std::vector<std::string> all;
  for (const FlagSpec& flag : flags) {
    const std::vector<std::string> names = Names(flag);
    all.insert(all.end(), names.begin(), names.end());
  }
  return all;
}

std::vector<std::string> NamesThatTakeValues(std::span<const FlagSpec> flags) {
  std::vector<std::string> all;
  for (const FlagSpec& flag : flags) {
    if (flag.value.empty() || flag.value_optional) continue;
    const std::vector<std::string> names = Names(flag);
    all.insert(all.end(), names.begin(), names.end());
  }
  return all;
}

std::string FlagHelp(const FlagSpec& flag) { return cli::FirstSentence(flag.help); }

std::string OppositeHelp(const FlagSpec& flag) {
  return fmt::format("The opposite of {}", flag.name);
}

std::string Quoted(std::string_view text, std::string_view escaped_quote) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += escaped_quote;
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace dbxes::docgen

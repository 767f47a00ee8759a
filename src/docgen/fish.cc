// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "docgen/completion.h"
#include "docgen/placeholders.h"

namespace dbxes::docgen {
namespace {

using cli::CommandSpec;
using cli::FlagSpec;

constexpr std::string_view kQuote = "\\'";

std::string ValueOptions(std::string_view placeholder) {
  const Value value = ValueOf(placeholder);
  if (value.file) return " -r -F";
  if (value.folder) return " -x -a '(__fish_complete_directories)'";
  return value.words.empty() ? " -x" : fmt::format(" -x -a '{}'", fmt::join(value.words, " "));
}

std::string FlagLines(const FlagSpec& flag, const std::string& condition) {
  std::string lines = "complete -c dbx-es" + condition;
  if (!flag.short_name.empty()) lines += " -s " + flag.short_name.substr(1);
  lines += " -l " + flag.name.substr(2);
  if (!flag.value.empty() && !flag.value_optional) lines += ValueOptions(flag.value);
  lines += fmt::format(" -d {}\n", Quoted(FlagHelp(flag), kQuote));
  if (!flag.negated.empty()) {
    lines += fmt::format("complete -c dbx-es{} -l {} -d {}\n", condition, flag.negated.substr(2),
                         Quoted(OppositeHelp(flag), kQuote));
  }
  return lines;
}

std::string ArgumentLines(const CommandSpec& command) {
  std::string lines;
  std::size_t number = 0;
  for (const cli::PositionalSpec& positional : command.positionals) {
    const Value value = ValueOf(positional.name);
    ++number;
    const std::string condition = positional.repeated
                                      ? fmt::format("__dbx_es_in {}", command.name)
                                      : fmt::format("__dbx_es_at {} {}", number, command.name);
    const std::string start = fmt::format("complete -c dbx-es -n '{}'", condition);
    if (value.file) {
      lines += start + " -F\n";
    } else if (value.folder) {
      lines += start + " -a '(__fish_complete_directories)'\n";
    } else if (!value.words.empty()) {
      lines += fmt::format("{} -a '{}' -d {}\n", start, fmt::join(value.words, " "),
                           Quoted(cli::FirstSentence(positional.help), kQuote));
    }
  }
  return lines;
}

std::string Taking() {
  return fmt::format("{}", fmt::join(NamesThatTakeValues(cli::GlobalFlags()), " "));
}

std::string TakingCases() {
  std::string cases;
  for (const CommandSpec& command : cli::Commands()) {
    const std::vector<std::string> names = NamesThatTakeValues(command.flags);
    if (names.empty()) continue;
    cases += fmt::format("                case {}\n                    set -a taking {}\n",
                         command.name, fmt::join(names, " "));
  }
  return cases;
}

std::string Completions() {
  std::string lines;
  for (const FlagSpec& flag : cli::GlobalFlags()) lines += FlagLines(flag, "");
  for (const CommandSpec& command : cli::Commands()) {
    lines += fmt::format("complete -c dbx-es -n '__dbx_es_at 0' -a {} -d {}\n", command.name,
                         Quoted(command.brief, kQuote));
    const std::string condition = fmt::format(" -n '__dbx_es_in {}'", command.name);
    for (const FlagSpec& flag : command.flags) lines += FlagLines(flag, condition);
    lines += ArgumentLines(command);
  }
  return lines;
}

}  // namespace

std::vector<Placeholder> FishPlaceholders() {
  return {{"fish-taking", Plain<&Taking>},
          {"fish-taking-cases", Plain<&TakingCases>},
          {"fish-completions", Plain<&Completions>}};
}

}  // namespace dbxes::docgen

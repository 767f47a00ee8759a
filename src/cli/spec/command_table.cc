// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/command_table.h"

#include <algorithm>
#include <string>

#include "cli/spec/command_specs.h"

namespace dbxes::cli {
namespace {

std::vector<FlagSpec> MakeGlobalFlags() {
  std::vector<FlagSpec> flags{
      {.name = "--config",
       .short_name = "-c",
       .value = "FILE",
       .help = "Read this configuration file instead of searching for one."},
      {.name = "--json",
       .help = "Print exactly one JSON object on standard output at the end, also if the command "
               "fails."},
      {.name = "--quiet", .short_name = "-q", .help = "Print nothing unless something went wrong."},
      {.name = "--verbose",
       .short_name = "-v",
       .help = "Print details: each document that changes, retries and waits."},
      {.name = "--version", .help = "Print the version and exit."},
      {.name = "--help", .short_name = "-h", .help = "Print help and exit."},
  };
  for (const config::OptionRow& row : config::OptionTable()) {
    if (row.flag.empty()) continue;
    flags.push_back({.name = std::string(row.flag),
                     .negated = config::NegatedFlag(row),
                     .value = std::string(config::ValueName(row)),
                     .help = std::string(row.help),
                     .row = &row});
  }
  return flags;
}

}  // namespace

std::vector<std::string> ChoicesIn(std::string_view value) {
  std::vector<std::string> choices;
  if (value.find('|') == std::string_view::npos) return choices;
  std::size_t start = 0;
  while (start <= value.size()) {
    const std::size_t end = std::min(value.find('|', start), value.size());
    const std::string word(value.substr(start, end - start));
    const bool placeholder =
        std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!placeholder) choices.push_back(word);
    start = end + 1;
  }
  return choices;
}

std::span<const CommandSpec> Commands() {
  static const std::vector<CommandSpec> commands{
      InitCommand(),        AuthCommand(),     CheckCommand(),         FullSyncCommand(),
      IncrementalCommand(), AclSyncCommand(),  VerifyCommand(),        StatusCommand(),
      ExplainCommand(),     ExtractCommand(),  SearchCommand(),        ListCommand(),
      ShowCommand(),        FailuresCommand(), ValidateRulesCommand(), ConfigCommand(),
      StateCommand(),       ConnectorCommand()};
  return commands;
}

const CommandSpec& CommandFor(CommandId id) {
  return *std::find_if(Commands().begin(), Commands().end(),
                       [id](const CommandSpec& command) { return command.id == id; });
}

std::span<const FlagSpec> GlobalFlags() {
  static const std::vector<FlagSpec> flags = MakeGlobalFlags();
  return flags;
}

std::string FlagSynopsis(const FlagSpec& flag) {
  std::string synopsis = flag.short_name.empty() ? "" : flag.short_name + ", ";
  synopsis += flag.name;
  if (!flag.negated.empty()) synopsis = "--[no-]" + flag.name.substr(2);
  if (flag.value.empty()) return synopsis;
  return synopsis + (flag.value_optional ? " [" + flag.value + "]" : " " + flag.value);
}

std::string CommandSynopsis(const CommandSpec& command) {
  std::string synopsis = "dbx-es " + std::string(command.name) + " [options]";
  for (const PositionalSpec& positional : command.positionals) {
    synopsis += " " + PositionalSynopsis(positional);
  }
  return synopsis;
}

std::string PositionalSynopsis(const PositionalSpec& positional) {
  const std::string name = std::string(positional.name) + (positional.repeated ? "..." : "");
  return positional.optional ? "[" + name + "]" : name;
}

std::string FirstSentence(std::string_view text) {
  std::string sentence(text.substr(0, text.find(". ")));
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

}  // namespace dbxes::cli

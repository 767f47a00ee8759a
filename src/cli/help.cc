// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <fmt/format.h>

#include "cli/version.h"
#include "cli/wrap.h"

namespace dbxes::cli {
namespace {

constexpr std::size_t kHelpColumn = 32;
constexpr std::size_t kColumns = 80;

std::string Row(std::string_view left, std::string_view help) {
  std::string line = fmt::format("  {}", left);
  if (line.size() + 2 > kHelpColumn) {
    line += "\n" + std::string(kHelpColumn, ' ');
  } else {
    line.resize(kHelpColumn, ' ');
  }
  return line + Wrap(help, kHelpColumn, kHelpColumn);
}

std::string FlagRow(const FlagSpec& flag) {
  // Long names line up, with or without a short one.
  const std::string indent = flag.short_name.empty() ? "    " : "";
  return Row(indent + FlagSynopsis(flag), FirstSentence(flag.help));
}

// Only their names, so that help fits on one screen.
std::string SettingFlags() {
  std::string names;
  std::string line;
  for (const FlagSpec& flag : GlobalFlags()) {
    if (flag.row == nullptr) continue;
    const std::string synopsis = FlagSynopsis(flag);
    if (!line.empty() && line.size() + 2 + synopsis.size() >= kColumns) {
      names += line + "\n";
      line.clear();
    }
    line += "  " + synopsis;
  }
  return names + line + "\n";
}

std::string GlobalFlagRows() {
  std::string rows = "\nOptions of every command:\n";
  for (const FlagSpec& flag : GlobalFlags()) {
    if (flag.row == nullptr) rows += FlagRow(flag);
  }
  rows += "\nSettings, for every command (dbx-es.toml(5) describes these and more):\n";
  return rows + SettingFlags();
}

}  // namespace

std::string ProgramHelp() {
  std::string help =
      "dbx-es keeps an Elasticsearch index equal to a Dropbox.\n\n"
      "Usage: dbx-es COMMAND [options]\n\nCommands:\n";
  for (const CommandSpec& command : Commands()) {
    help += Row(command.name, command.brief);
  }
  help += GlobalFlagRows();
  help += "\nSee 'dbx-es COMMAND --help', dbx-es(1) and dbx-es.toml(5).\n";
  return help;
}

std::string CommandHelp(const CommandSpec& command) {
  std::string help = fmt::format("Usage: {}\n\n", CommandSynopsis(command));
  help += Wrap(command.description, 0, 0);
  if (!command.positionals.empty()) help += "\nArguments:\n";
  for (const PositionalSpec& positional : command.positionals) {
    help += Row(PositionalSynopsis(positional), FirstSentence(positional.help));
  }
  if (!command.flags.empty()) help += "\nOptions:\n";
  for (const FlagSpec& flag : command.flags) help += FlagRow(flag);
  help += GlobalFlagRows();
  help += "\nExamples:\n";
  for (const std::string_view example : command.examples) help += fmt::format("  {}\n", example);
  help += fmt::format("\nSee dbx-es-{}(1), dbx-es.toml(5).\n", command.name);
  return help;
}

std::string VersionText() { return fmt::format("dbx-es {}\n", kVersion); }

}  // namespace dbxes::cli

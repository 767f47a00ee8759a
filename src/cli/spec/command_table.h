// SPDX-License-Identifier: Apache-2.0
// The command line, declared once: commands, their flags and their examples. The parser
// (cli/command_line), the help, the manual and the shell completions (docgen) are drawn from here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/spec/command_values.h"
#include "config/config_loader.h"

namespace dbxes::cli {

enum class CommandId {
  kInit,
  kAuth,
  kCheck,
  kConfig,
  kState,
  kConnector,
  kStatus,
  kFullSync,
  kIncremental,
  kAclSync,
  kVerify,
  kExplain,
  kExtract,
  kSearch,
  kList,
  kShow,
  kFailures,
  kValidateRules
};

// The words of "auto|on|off|N", without placeholders in capitals. Empty if there is no choice.
std::vector<std::string> ChoicesIn(std::string_view value);

struct FlagSpec {
  std::string name;                        // "--config"
  std::string short_name = "";             // "-c", or ""
  std::string negated = "";                // "--no-verify-certs", or ""
  std::string value = "";                  // placeholder, "FILE", "auto|on|off"; "" for a switch
  bool value_optional = false;             // the flag may stand alone
  bool required = false;                   // the command does nothing without it
  std::string help = "";                   // whole sentences
  const config::OptionRow* row = nullptr;  // set for a flag that overrides a setting
};

struct PositionalSpec {
  std::string_view name;  // "DIR", or a choice: "status|revoke"
  std::string_view help;
  bool optional = false;
  bool repeated = false;  // one or more; only the last one of a command
};

// "DIR", "[status|revoke]", "FILE...".
std::string PositionalSynopsis(const PositionalSpec& positional);

struct CommandSpec {
  CommandId id;
  std::string_view name;
  std::string_view brief;        // one line without a full stop
  std::string_view description;  // a paragraph: the head of --help and of the manual page
  std::vector<FlagSpec> flags;   // its own, besides GlobalFlags()
  std::vector<PositionalSpec> positionals;
  std::vector<std::string_view> examples;  // command lines; man/*.in explains them
  // What is wrong with the values together, "" for nothing. Null if they cannot contradict.
  std::string (*contradiction)(const CommandValues&) = nullptr;
  // Relaxes what the configuration must contain. Null for a command that needs everything.
  void (*relax)(const CommandValues&, config::LoadRequest&) = nullptr;
};

std::span<const CommandSpec> Commands();
const CommandSpec& CommandFor(CommandId id);
// Accepted before and after every command: those of the program, then those of settings.
std::span<const FlagSpec> GlobalFlags();

// "-c, --config FILE", as help and manual show it.
std::string FlagSynopsis(const FlagSpec& flag);
// "dbx-es full-sync [options]".
std::string CommandSynopsis(const CommandSpec& command);
// The first sentence of a help text, without its full stop: what --help and completions show.
std::string FirstSentence(std::string_view text);

}  // namespace dbxes::cli

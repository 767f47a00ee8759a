// SPDX-License-Identifier: Apache-2.0
#include "cli/completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>
#include <string>
#include <string_view>

#include "cli/command_table.h"
#include "cli/help.h"

namespace dbxes {
namespace {

constexpr std::string_view kHead =
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# Made by 'dbx-es generate completions'; changes belong in src/cli/command_table.cc.\n";

// Between single quotes of a shell.
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

std::vector<std::string_view> VisibleCommands() {
  std::vector<std::string_view> names;
  for (const CommandSpec& command : Commands()) {
    if (!command.hidden) names.push_back(command.name);
  }
  return names;
}

// The words that the arguments of a command are chosen from.
std::vector<std::string> Actions(const CommandSpec& command) {
  std::vector<std::string> all;
  for (const PositionalSpec& positional : command.positionals) {
    const std::vector<std::string> choices = ChoicesIn(positional.name);
    all.insert(all.end(), choices.begin(), choices.end());
  }
  return all;
}

std::string Opposite(const FlagSpec& flag) { return fmt::format("The opposite of {}", flag.name); }

// ---- bash

std::string BashValues(const FlagSpec& flag) {
  if (flag.value == "FILE") return "compopt -o filenames; values=$(compgen -f -- \"$word\")";
  if (flag.value == "DIR") return "compopt -o filenames; values=$(compgen -d -- \"$word\")";
  const std::vector<std::string> choices = flag.Choices();
  if (choices.empty()) return "return";
  return fmt::format("values=$(compgen -W '{}' -- \"$word\")", fmt::join(choices, " "));
}

std::string BashValueCases(std::span<const FlagSpec> flags) {
  std::string cases;
  for (const FlagSpec& flag : flags) {
    if (flag.value.empty()) continue;
    cases += fmt::format("    {}) {} ;;\n", fmt::join(Names(flag), "|"), BashValues(flag));
  }
  return cases;
}

std::string BashOwnFlags() {
  std::string cases;
  for (const CommandSpec& command : Commands()) {
    if (command.hidden) continue;
    std::vector<std::string> words = Names(command.flags);
    const std::vector<std::string> actions = Actions(command);
    words.insert(words.end(), actions.begin(), actions.end());
    cases += fmt::format("        {}) words+=' {}' ;;\n", command.name, fmt::join(words, " "));
  }
  return cases;
}

std::string Bash() {
  std::string value_cases = BashValueCases(GlobalFlags());
  for (const CommandSpec& command : Commands()) {
    if (!command.hidden) value_cases += BashValueCases(command.flags);
  }
  // bash makes a word of its own of the equals sign in --name=value.
  return fmt::format(
      "{head}_dbx_es() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}\n"
      "  local command='' values i words\n"
      "  [[ $word == '=' ]] && word=''\n"
      "  [[ $previous == '=' ]] && previous=${{COMP_WORDS[COMP_CWORD - 2]}}\n"
      "  case $previous in\n{value_cases}"
      "    *)\n"
      "      for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "        case ${{COMP_WORDS[i]}} in {either}) command=${{COMP_WORDS[i]}} ;; esac\n"
      "      done\n"
      "      words='{global}'\n"
      "      case $command in\n"
      "        '') [[ $word == -* ]] || words='{all}' ;;\n{own}"
      "      esac\n"
      "      values=$(compgen -W \"$words\" -- \"$word\")\n"
      "      ;;\n"
      "  esac\n"
      "  [[ -z $values ]] || mapfile -t COMPREPLY <<<\"$values\"\n"
      "}}\n"
      "complete -F _dbx_es dbx-es\n",
      fmt::arg("head", kHead), fmt::arg("value_cases", value_cases),
      fmt::arg("either", fmt::join(VisibleCommands(), "|")),
      fmt::arg("global", fmt::join(Names(GlobalFlags()), " ")),
      fmt::arg("all", fmt::join(VisibleCommands(), " ")), fmt::arg("own", BashOwnFlags()));
}

// ---- zsh

// In the specs of _arguments and _describe a colon separates; in brackets, brackets end the text.
std::string ZshEscape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string ZshAction(const FlagSpec& flag) {
  if (flag.value == "FILE") return "_files";
  if (flag.value == "DIR") return "_files -/";
  const std::vector<std::string> choices = flag.Choices();
  return choices.empty() ? " " : fmt::format("({})", fmt::join(choices, " "));
}

std::string ZshSpecs(std::span<const FlagSpec> flags, std::string_view indent) {
  std::string specs;
  for (const FlagSpec& flag : flags) {
    const std::vector<std::string> names = Names(flag);
    const std::string exclusions =
        names.size() > 1 ? fmt::format("({})", fmt::join(names, " ")) : "";
    for (const std::string& name : names) {
      std::string spec = exclusions + name;
      // "=" allows --name=value beside --name value.
      if (!flag.value.empty() && name.starts_with("--")) spec += '=';
      const bool negated = name == flag.negated;
      spec += fmt::format("[{}]", ZshEscape(negated ? Opposite(flag) : FirstSentence(flag.help)));
      if (!flag.value.empty())
        spec += fmt::format(":{}:{}", ZshEscape(flag.value), ZshAction(flag));
      specs += fmt::format("{}{}\n", indent, Quoted(spec, "'\\''"));
    }
  }
  return specs;
}

std::string Zsh() {
  std::string commands;
  std::string cases;
  for (const CommandSpec& command : Commands()) {
    if (command.hidden) continue;
    const std::string item = fmt::format("{}:{}", command.name, ZshEscape(command.brief));
    commands += fmt::format("        {}\n", Quoted(item, "'\\''"));
    const std::vector<std::string> actions = Actions(command);
    const std::string action =
        actions.empty() ? "" : fmt::format("          '1:action:({})'\n", fmt::join(actions, " "));
    cases += fmt::format("        {}) options+=(\n{}{}        ) ;;\n", command.name,
                         ZshSpecs(command.flags, "          "), action);
  }
  return fmt::format(
      "#compdef dbx-es\n{}"
      "_dbx_es() {{\n"
      "  local curcontext=$curcontext state line\n"
      "  local -a commands options\n"
      "  options=(\n{}  )\n"
      "  _arguments -C $options '1:command:->command' '*::argument:->argument'\n"
      "  case $state in\n"
      "    command)\n"
      "      commands=(\n{}      )\n"
      "      _describe command commands ;;\n"
      "    argument)\n"
      "      case $line[1] in\n{}      esac\n"
      "      _arguments $options ;;\n"
      "  esac\n"
      "}}\n"
      "_dbx_es \"$@\"\n",
      kHead, ZshSpecs(GlobalFlags(), "    "), commands, cases);
}

// ---- fish

std::string FishFlag(const FlagSpec& flag, const std::string& condition) {
  std::string line = "complete -c dbx-es" + condition;
  if (!flag.short_name.empty()) line += " -s " + flag.short_name.substr(1);
  line += " -l " + flag.name.substr(2);
  if (flag.value == "FILE") {
    line += " -r -F";
  } else if (flag.value == "DIR") {
    line += " -x -a '(__fish_complete_directories)'";
  } else if (!flag.value.empty()) {
    const std::vector<std::string> choices = flag.Choices();
    line += " -x";
    if (!choices.empty()) line += fmt::format(" -a '{}'", fmt::join(choices, " "));
  }
  line += fmt::format(" -d {}\n", Quoted(FirstSentence(flag.help), "\\'"));
  if (!flag.negated.empty()) {
    line += fmt::format("complete -c dbx-es{} -l {} -d {}\n", condition, flag.negated.substr(2),
                        Quoted(Opposite(flag), "\\'"));
  }
  return line;
}

std::string Fish() {
  std::string text(kHead);
  text += "complete -c dbx-es -f\n";
  for (const FlagSpec& flag : GlobalFlags()) text += FishFlag(flag, "");
  for (const CommandSpec& command : Commands()) {
    if (command.hidden) continue;
    text +=
        fmt::format("complete -c dbx-es -n 'not __fish_seen_subcommand_from {}' -a {} -d {}\n",
                    fmt::join(VisibleCommands(), " "), command.name, Quoted(command.brief, "\\'"));
    const std::string condition = fmt::format(" -n '__fish_seen_subcommand_from {}'", command.name);
    for (const FlagSpec& flag : command.flags) text += FishFlag(flag, condition);
    const std::vector<std::string> actions = Actions(command);
    if (actions.empty()) continue;
    text += fmt::format("complete -c dbx-es{} -a '{}'\n", condition, fmt::join(actions, " "));
  }
  return text;
}

}  // namespace

std::vector<GeneratedFile> Completions() {
  return {{"dbx-es.bash", Bash()}, {"_dbx-es", Zsh()}, {"dbx-es.fish", Fish()}};
}

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
#include "cli/completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>
#include <string>
#include <string_view>

#include "cli/command_table.h"
#include "cli/help.h"

namespace dbxes::cli {
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

// What may stand where a placeholder does: a file, a folder, one of these words, or anything.
struct Value {
  bool file = false;
  bool folder = false;
  std::vector<std::string> words;
};

Value ValueOf(std::string_view placeholder) {
  return {.file = placeholder.find("FILE") != std::string_view::npos,
          .folder = placeholder.find("DIR") != std::string_view::npos,
          .words = ChoicesIn(placeholder)};
}

std::vector<CommandSpec> Visible() {
  std::vector<CommandSpec> visible;
  for (const CommandSpec& command : Commands()) {
    if (!command.hidden) visible.push_back(command);
  }
  return visible;
}

std::string Opposite(const FlagSpec& flag) { return fmt::format("The opposite of {}", flag.name); }

// ---- bash

// How the script below says what may stand somewhere.
std::string BashValue(std::string_view placeholder) {
  const Value value = ValueOf(placeholder);
  if (value.file) return "'file'";
  if (value.folder) return "'folder'";
  if (value.words.empty()) return "'anything'";
  return fmt::format("'one of {}'", fmt::join(value.words, " "));
}

// Cases of "COMMAND NAME", where the command is "" for what belongs to every command.
std::string BashValueCases(std::string_view command, std::span<const FlagSpec> flags) {
  std::string cases;
  for (const FlagSpec& flag : flags) {
    if (flag.value.empty()) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : Names(flag)) {
      patterns.push_back(command.empty() ? "*' " + name + "'"
                                         : fmt::format("'{} {}'", command, name));
    }
    cases +=
        fmt::format("    {}) takes={} ;;\n", fmt::join(patterns, " | "), BashValue(flag.value));
  }
  return cases;
}

std::string BashArgumentCases() {
  std::string cases;
  for (const CommandSpec& command : Visible()) {
    for (std::size_t i = 0; i < command.positionals.size(); ++i) {
      cases += fmt::format("    '{} {}') takes={} ;;\n", command.name, i,
                           BashValue(command.positionals[i].name));
    }
  }
  return cases;
}

std::string BashOptionCases() {
  std::string cases;
  for (const CommandSpec& command : Visible()) {
    if (command.flags.empty()) continue;
    cases += fmt::format("    {}) takes+=' {}' ;;\n", command.name,
                         fmt::join(Names(command.flags), " "));
  }
  return cases;
}

constexpr std::string_view kBashBody = R"(_dbx_es() {
  local word=${COMP_WORDS[COMP_CWORD]} command='' option='' before='' takes='' words='' token
  local -i i arguments=0
  for ((i = 1; i < COMP_CWORD; i++)); do
    token=${COMP_WORDS[i]}
    if [[ -n $option ]]; then
      # bash makes a word of its own of the equals sign in --name=value.
      [[ $token == '=' ]] || option=''
    elif [[ $token == -* ]]; then
      _dbx_es_value "$command" "$token"
      [[ -z $takes ]] || option=$token
    elif [[ -z $command ]]; then
      command=$token
    else
      arguments+=1
    fi
  done
  [[ $word != '=' ]] || word=''
  if [[ $word == --*=* ]]; then # unless COMP_WORDBREAKS was changed
    option=${word%%=*} before=${word%%=*}= word=${word#*=}
  fi
  if [[ -n $option ]]; then
    _dbx_es_value "$command" "$option"
  elif [[ -z $command && $word != -* ]]; then
    takes="one of $_dbx_es_commands"
  else
    takes=''
    [[ $word == -* ]] || _dbx_es_argument "$command" "$arguments"
    [[ -n $takes ]] || _dbx_es_options "$command"
  fi
  COMPREPLY=()
  case $takes in
    file)
      compopt -o filenames 2> /dev/null
      words=$(compgen -f -- "${word/#'~/'/"$HOME/"}")
      ;;
    folder)
      compopt -o filenames 2> /dev/null
      words=$(compgen -d -- "${word/#'~/'/"$HOME/"}")
      ;;
    'one of '*) words=$(compgen -W "${takes#one of }" -- "$word") ;;
  esac
  [[ -z $words ]] || mapfile -t COMPREPLY <<< "$words"
  [[ -z $before ]] || COMPREPLY=("${COMPREPLY[@]/#/$before}")
}
complete -F _dbx_es dbx-es
)";

std::string Bash() {
  std::string value_cases;
  for (const CommandSpec& command : Visible()) {
    value_cases += BashValueCases(command.name, command.flags);
  }
  value_cases += BashValueCases("", GlobalFlags());
  return fmt::format(
      "# shellcheck shell=bash\n{}"
      "_dbx_es_commands='{}'\n"
      "# Each of these sets `takes` to what may stand somewhere: file, folder, anything, or one of "
      "some words.\n"
      "_dbx_es_value() {{ # COMMAND OPTION; '' for an option that takes no value\n"
      "  takes=''\n  case \"$1 $2\" in\n{}  esac\n}}\n"
      "_dbx_es_argument() {{ # COMMAND NUMBER\n"
      "  takes=''\n  case \"$1 $2\" in\n{}  esac\n}}\n"
      "_dbx_es_options() {{ # COMMAND\n"
      "  takes='one of {}'\n  case $1 in\n{}  esac\n}}\n{}",
      kHead, fmt::join(VisibleCommands(), " "), value_cases, BashArgumentCases(),
      fmt::join(Names(GlobalFlags()), " "), BashOptionCases(), kBashBody);
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

std::string ZshAction(std::string_view placeholder) {
  const Value value = ValueOf(placeholder);
  if (value.file) return "_files";
  if (value.folder) return "_path_files -/";
  return value.words.empty() ? " " : fmt::format("({})", fmt::join(value.words, " "));
}

std::string ZshFlag(const FlagSpec& flag, const std::string& name) {
  const std::vector<std::string> names = Names(flag);
  std::string spec = names.size() > 1 ? fmt::format("({})", fmt::join(names, " ")) : "";
  spec += name;
  // "=" allows --name=value beside --name value.
  if (!flag.value.empty() && name.starts_with("--")) spec += '=';
  const bool negated = name == flag.negated;
  spec += fmt::format("[{}]", ZshEscape(negated ? Opposite(flag) : FirstSentence(flag.help)));
  if (!flag.value.empty()) {
    spec += fmt::format(":{}:{}", ZshEscape(flag.value), ZshAction(flag.value));
  }
  return Quoted(spec, "'\\''");
}

std::string ZshFlags(std::span<const FlagSpec> flags, std::string_view indent) {
  std::string specs;
  for (const FlagSpec& flag : flags) {
    for (const std::string& name : Names(flag)) {
      specs += fmt::format("{}{}\n", indent, ZshFlag(flag, name));
    }
  }
  return specs;
}

std::string ZshArguments(const CommandSpec& command, std::string_view indent) {
  std::string specs;
  std::size_t number = 0;
  for (const PositionalSpec& positional : command.positionals) {
    const std::string spec = fmt::format("{}:{}{}:{}", ++number, positional.optional ? ":" : "",
                                         ZshEscape(positional.name), ZshAction(positional.name));
    specs += fmt::format("{}{}\n", indent, Quoted(spec, "'\\''"));
  }
  return specs;
}

std::string Zsh() {
  constexpr std::string_view kIndent = "          ";
  std::string names;
  std::string cases;
  for (const CommandSpec& command : Visible()) {
    const std::string item = fmt::format("{}:{}", command.name, ZshEscape(command.brief));
    names += fmt::format("        {}\n", Quoted(item, "'\\''"));
    cases += fmt::format("        {}) flags+=(\n{}{}        ) ;;\n", command.name,
                         ZshFlags(command.flags, kIndent), ZshArguments(command, kIndent));
  }
  return fmt::format(
      "#compdef dbx-es\n{}"
      "_dbx_es() {{\n"
      "  local curcontext=$curcontext state line ret=1\n"
      "  local -a names flags\n"
      "  flags=(\n{}  )\n"
      "  _arguments -C $flags '(-)1:command:->command' '(-)*::argument:->argument' && ret=0\n"
      "  case $state in\n"
      "    command)\n"
      "      names=(\n{}      )\n"
      "      _describe -t commands command names && ret=0 ;;\n"
      "    argument)\n"
      "      case $words[1] in\n{}      esac\n"
      "      _arguments $flags && ret=0 ;;\n"
      "  esac\n"
      "  return ret\n"
      "}}\n"
      "_dbx_es \"$@\"\n",
      kHead, ZshFlags(GlobalFlags(), "    "), names, cases);
}

// ---- fish

std::string FishValue(std::string_view placeholder) {
  const Value value = ValueOf(placeholder);
  if (value.file) return " -r -F";
  if (value.folder) return " -x -a '(__fish_complete_directories)'";
  return value.words.empty() ? " -x" : fmt::format(" -x -a '{}'", fmt::join(value.words, " "));
}

std::string FishFlag(const FlagSpec& flag, const std::string& condition) {
  std::string line = "complete -c dbx-es" + condition;
  if (!flag.short_name.empty()) line += " -s " + flag.short_name.substr(1);
  line += " -l " + flag.name.substr(2);
  if (!flag.value.empty()) line += FishValue(flag.value);
  line += fmt::format(" -d {}\n", Quoted(FirstSentence(flag.help), "\\'"));
  if (!flag.negated.empty()) {
    line += fmt::format("complete -c dbx-es{} -l {} -d {}\n", condition, flag.negated.substr(2),
                        Quoted(Opposite(flag), "\\'"));
  }
  return line;
}

std::string FishArguments(const CommandSpec& command) {
  std::string lines;
  std::size_t number = 0;
  for (const PositionalSpec& positional : command.positionals) {
    const Value value = ValueOf(positional.name);
    const std::string start =
        fmt::format("complete -c dbx-es -n '__dbx_es_at {} {}'", ++number, command.name);
    if (value.file) {
      lines += start + " -F\n";
    } else if (value.folder) {
      lines += start + " -a '(__fish_complete_directories)'\n";
    } else if (!value.words.empty()) {
      lines += fmt::format("{} -a '{}' -d {}\n", start, fmt::join(value.words, " "),
                           Quoted(FirstSentence(positional.help), "\\'"));
    }
  }
  return lines;
}

std::vector<std::string> TakingValues(std::span<const FlagSpec> flags) {
  std::vector<std::string> names;
  for (const FlagSpec& flag : flags) {
    if (flag.value.empty()) continue;
    const std::vector<std::string> own = Names(flag);
    names.insert(names.end(), own.begin(), own.end());
  }
  return names;
}

// Functions that tell where on the command line the cursor is.
std::string FishFunctions() {
  std::string cases;
  for (const CommandSpec& command : Visible()) {
    const std::vector<std::string> names = TakingValues(command.flags);
    if (names.empty()) continue;
    cases += fmt::format("                case {}\n                    set -a taking {}\n",
                         command.name, fmt::join(names, " "));
  }
  return fmt::format(
      "# The words before the cursor that are neither options nor their values.\n"
      "function __dbx_es_words\n"
      "    set -l taking {}\n"
      "    set -l skip no\n"
      "    for word in (commandline -opc)[2..]\n"
      "        if test $skip = yes\n"
      "            set skip no\n"
      "        else if string match -q -- '-*' $word\n"
      "            contains -- $word $taking; and set skip yes\n"
      "        else\n"
      "            echo $word\n"
      "            switch $word\n{}            end\n"
      "        end\n"
      "    end\n"
      "end\n"
      "# __dbx_es_at COUNT [COMMAND]: so many words before the cursor, the first of them this.\n"
      "function __dbx_es_at\n"
      "    set -l words (__dbx_es_words)\n"
      "    test (count $words) = $argv[1]; and test \"$words[1]\" = \"$argv[2]\"\n"
      "end\n"
      "function __dbx_es_in\n"
      "    set -l words (__dbx_es_words)\n"
      "    test \"$words[1]\" = $argv[1]\n"
      "end\n",
      fmt::join(TakingValues(GlobalFlags()), " "), cases);
}

std::string Fish() {
  std::string text(kHead);
  text += FishFunctions();
  text += "complete -c dbx-es -f\n";
  for (const FlagSpec& flag : GlobalFlags()) text += FishFlag(flag, "");
  for (const CommandSpec& command : Visible()) {
    text += fmt::format("complete -c dbx-es -n '__dbx_es_at 0' -a {} -d {}\n", command.name,
                        Quoted(command.brief, "\\'"));
    const std::string condition = fmt::format(" -n '__dbx_es_in {}'", command.name);
    for (const FlagSpec& flag : command.flags) text += FishFlag(flag, condition);
    text += FishArguments(command);
  }
  return text;
}

}  // namespace

std::vector<GeneratedFile> Completions() {
  return {{"dbx-es.bash", Bash()}, {"_dbx-es", Zsh()}, {"dbx-es.fish", Fish()}};
}

}  // namespace dbxes::cli

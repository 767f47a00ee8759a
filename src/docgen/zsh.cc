// SPDX-License-Identifier: Apache-2.0
// Specifications for the functions _arguments and _describe of zsh, see zshcompsys(1).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "docgen/completion.h"
#include "docgen/placeholders.h"

namespace dbxes::docgen {
namespace {

using cli::CommandSpec;
using cli::FlagSpec;

constexpr std::string_view kQuote = "'\\''";

// A colon separates the parts of a specification; a bracket ends the text in brackets.
std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string Action(std::string_view placeholder) {
  const Value value = ValueOf(placeholder);
  if (value.file) return "_files";
  if (value.folder) return "_path_files -/";
  return value.words.empty() ? " " : fmt::format("({})", fmt::join(value.words, " "));
}

std::string FlagSpecification(const FlagSpec& flag, const std::string& name) {
  const std::vector<std::string> names = Names(flag);
  std::string text = names.size() > 1 ? fmt::format("({})", fmt::join(names, " ")) : "";
  text += name;
  // "=" allows --name=value besides --name value.
  if (!flag.value.empty() && name.starts_with("--")) text += '=';
  text += fmt::format("[{}]", Escape(name == flag.negated ? OppositeHelp(flag) : FlagHelp(flag)));
  if (!flag.value.empty()) {
    text += fmt::format("{}:{}:{}", flag.value_optional ? ":" : "", Escape(flag.value),
                        Action(flag.value));
  }
  return Quoted(text, kQuote);
}

std::string FlagSpecifications(std::span<const FlagSpec> flags, std::string_view indent) {
  std::string lines;
  for (const FlagSpec& flag : flags) {
    for (const std::string& name : Names(flag)) {
      lines += fmt::format("{}{}\n", indent, FlagSpecification(flag, name));
    }
  }
  return lines;
}

std::string ArgumentSpecifications(const CommandSpec& command, std::string_view indent) {
  std::string lines;
  std::size_t number = 0;
  for (const cli::PositionalSpec& positional : command.positionals) {
    const std::string place = positional.repeated ? "*" : std::to_string(++number);
    const std::string text = fmt::format("{}:{}{}:{}", place, positional.optional ? ":" : "",
                                         Escape(positional.name), Action(positional.name));
    lines += fmt::format("{}{}\n", indent, Quoted(text, kQuote));
  }
  return lines;
}

std::string Flags() { return FlagSpecifications(cli::GlobalFlags(), "    "); }

std::string Commands() {
  std::string lines;
  for (const CommandSpec& command : cli::Commands()) {
    const std::string item = fmt::format("{}:{}", command.name, Escape(command.brief));
    lines += fmt::format("        {}\n", Quoted(item, kQuote));
  }
  return lines;
}

std::string Cases() {
  constexpr std::string_view kIndent = "          ";
  std::string cases;
  for (const CommandSpec& command : cli::Commands()) {
    cases += fmt::format("        {}) flags+=(\n{}{}        ) ;;\n", command.name,
                         FlagSpecifications(command.flags, kIndent),
                         ArgumentSpecifications(command, kIndent));
  }
  return cases;
}

}  // namespace

std::vector<Placeholder> ZshPlaceholders() {
  return {{"zsh-flags", Plain<&Flags>},
          {"zsh-commands", Plain<&Commands>},
          {"zsh-cases", Plain<&Cases>}};
}

}  // namespace dbxes::docgen

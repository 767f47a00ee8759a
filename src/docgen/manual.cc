// SPDX-License-Identifier: Apache-2.0
#include "docgen/manual.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/exit_code.h"
#include "docgen/mdoc.h"
#include "docgen/placeholders.h"
#include "dropbox/consequences.h"
#include "report/counters.h"
#include "report/summary.h"

namespace dbxes::docgen {
namespace {

using cli::CommandSpec;
using cli::FlagSpec;

std::string Date() { return DBXES_VERSION_DATE; }

std::string Brief(const CommandSpec& command) { return std::string(command.brief); }

std::string Synopsis(const CommandSpec& command) {
  std::string lines = fmt::format(".Nm dbx-es {}\n", command.name);
  for (const FlagSpec& flag : command.flags) lines += fmt::format(".Op {}\n", FlagMacros(flag));
  lines += ".Op Ar options\n";
  for (const cli::PositionalSpec& positional : command.positionals) {
    lines += fmt::format(".{}{}{}\n", positional.optional ? "Op " : "",
                         ValueMacros(positional.name), positional.repeated ? " ..." : "");
  }
  return lines;
}

std::string Description(const CommandSpec& command) {
  Mdoc text;
  text.Text(command.description);
  return text.Take();
}

std::string Arguments(const CommandSpec& command) {
  Mdoc items;
  for (const cli::PositionalSpec& positional : command.positionals) {
    items.Item(ValueMacros(positional.name));
    items.Text(positional.help);
  }
  return items.Take();
}

std::string Flags(const CommandSpec& command) {
  Mdoc items;
  for (const FlagSpec& flag : command.flags) {
    items.Item(FlagMacros(flag));
    items.Text(flag.help);
  }
  return items.Take();
}

std::string ProgramFlags() {
  Mdoc items;
  for (const FlagSpec& flag : cli::GlobalFlags()) {
    if (flag.row != nullptr) continue;
    items.Item(FlagMacros(flag));
    items.Text(flag.help);
  }
  return items.Take();
}

std::string SettingFlags() {
  Mdoc items;
  for (const FlagSpec& flag : cli::GlobalFlags()) {
    if (flag.row == nullptr) continue;
    items.Item(FlagMacros(flag));
    items.Text(flag.help);
    items.Text(fmt::format("Setting: {}.", config::SettingName(*flag.row)));
  }
  return items.Take();
}

std::string Commands() {
  Mdoc items;
  for (const CommandSpec& command : cli::Commands()) {
    items.Item(fmt::format("Cm {}", command.name));
    items.Text(fmt::format("{} See", command.description));
    items.Macro(fmt::format("Xr dbx-es-{} 1 .", command.name));
  }
  return items.Take();
}

void WriteSetting(Mdoc& items, const config::OptionRow& row) {
  items.Item("Li " + std::string(row.key));
  items.Text(row.help);
  std::string facts = fmt::format("Value: {}.", config::ExpectedValue(row));
  if (!row.default_text.empty()) facts += fmt::format(" Default: {}.", row.default_text);
  if (row.required) facts += " Required.";
  items.Text(facts);
  std::string names = fmt::format("Environment: {}.", config::EnvironmentName(row));
  if (!row.flag.empty()) names += fmt::format(" Flag: {}.", row.flag);
  items.Text(names);
}

Result<std::string> Settings(std::string_view section) {
  Mdoc items;
  for (const config::OptionRow& row : config::OptionTable()) {
    if (row.section == section) WriteSetting(items, row);
  }
  std::string block = items.Take();
  if (!block.empty()) return block;
  return Fail(ErrorKind::kUsage, fmt::format("no section is named '{}'", section));
}

std::string ExitCodes() {
  Mdoc items;
  for (const ExitCodeRow& row : kExitCodes) {
    items.Item(fmt::format("{} Pq {}", static_cast<int>(row.code), MdocArgument(row.outcome)));
    items.Text(row.help);
  }
  return items.Take();
}

std::string Counters() {
  Mdoc items;
  for (const report::CounterRow& row : report::kCounterTable) {
    items.Item(fmt::format("Li {}.{}", row.group, row.name));
    items.Text(fmt::format("Number of {}.", row.help));
  }
  return items.Take();
}

std::string Answers() {
  Mdoc items;
  for (const dropbox::AnswerRow& row : dropbox::AnswerRows()) {
    items.Item(MdocArgument(dropbox::NameOf(row.answers)));
    items.Text(fmt::format("{}; {}.", row.help, dropbox::NameOf(row.again)));
  }
  return items.Take();
}

std::string Consequences() {
  Mdoc items;
  for (const dropbox::RouteRow& row : dropbox::RouteRows()) {
    const std::string subject =
        row.route.empty() ? dropbox::NameOf(row.subject) : std::string(row.route);
    items.Item(MdocArgument(fmt::format("{}, {}", subject, dropbox::NameOf(row.answers))));
    items.Text(dropbox::OutcomeOf(row) + ".");
  }
  return items.Take();
}

std::string ListedFailures() { return fmt::format("{}", report::kMaxListedFailures); }

}  // namespace

std::string ValueMacros(std::string_view value) {
  std::string macros;
  std::string current;
  while (!value.empty()) {
    const std::string_view word = value.substr(0, value.find('|'));
    value.remove_prefix(std::min(word.size() + 1, value.size()));
    const bool placeholder =
        std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    const std::string macro = placeholder ? "Ar" : "Cm";
    if (!macros.empty()) macros += " | ";
    if (macro != current) macros += macro + " ";
    macros += word;
    current = macro;
  }
  return macros;
}

std::string FlagMacros(const FlagSpec& flag) {
  const std::string value = ValueMacros(flag.value);
  std::string macros;
  for (const std::string& name : {flag.short_name, flag.name, flag.negated}) {
    if (name.empty()) continue;
    if (!macros.empty()) macros += " , ";
    macros += "Fl " + name.substr(1);
  }
  if (value.empty()) return macros;
  return macros + (flag.value_optional ? " Op " : " ") + value;
}

std::vector<Placeholder> ManualPlaceholders() {
  return {{"date", Plain<&Date>},
          {"brief", OfCommand<&Brief>},
          {"synopsis", OfCommand<&Synopsis>},
          {"description", OfCommand<&Description>},
          {"arguments", OfCommand<&Arguments>},
          {"flags", OfCommand<&Flags>},
          {"program-flags", Plain<&ProgramFlags>},
          {"setting-flags", Plain<&SettingFlags>},
          {"commands", Plain<&Commands>},
          {"settings", Settings},
          {"exit-codes", Plain<&ExitCodes>},
          {"counters", Plain<&Counters>},
          {"answers", Plain<&Answers>},
          {"consequences", Plain<&Consequences>},
          {"listed-failures", Plain<&ListedFailures>}};
}

}  // namespace dbxes::docgen

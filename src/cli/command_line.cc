// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "cli/help.h"
#include "config/nearest.h"

namespace dbxes::cli {
namespace {

// The target of one flag for CLI11. Values stay text: the configuration knows types, ranges and
// units.
struct Slot {
  const FlagSpec* flag = nullptr;
  std::string text;
  std::vector<std::string> all;  // of a flag that may be repeated
  bool on = false;
  CLI::Option* option = nullptr;
};

// The target of a positional argument, or of all that follow.
struct Given {
  std::string one;
  std::vector<std::string> all;
};

bool MayRepeat(const FlagSpec& flag) {
  if (flag.row == nullptr) return false;
  const config::OptionType type = flag.row->type;
  return type == config::OptionType::kGlobs || type == config::OptionType::kDropboxPaths;
}

bool Names(std::string_view argument, const FlagSpec& flag) {
  return argument == flag.name || (!flag.negated.empty() && argument == flag.negated);
}

class Parser {
 public:
  // What the arguments do not name is not declared: CLI11 compares each new flag with all others,
  // which would be a sixth of what a run without changes does itself.
  explicit Parser(std::span<const std::string> arguments)
      : arguments_(arguments), app_("dbx-es", "dbx-es") {
    // Our own help replaces that of CLI11; --help is a switch like the others.
    app_.set_help_flag();
    // Otherwise a second command would run, too.
    app_.require_subcommand(0, 1);
    for (const FlagSpec& flag : GlobalFlags()) AddIfNamed(app_, flag);
    const bool may_be_any = CommandNameIn(arguments).empty();
    for (const CommandSpec& command : Commands()) {
      const bool named = std::ranges::find(arguments, command.name) != arguments.end();
      AddCommand(command, may_be_any || named);
    }
  }

  Result<CommandLine> Parse() {
    // CLI11 reads arguments from the end.
    std::vector<std::string> reversed(arguments_.rbegin(), arguments_.rend());
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::ExtrasError&) {
      if (!Asked("--help") && !Asked("--version")) return Usage(DescribeExtra());
    } catch (const CLI::ArgumentMismatch& error) {
      return Usage(DescribeMismatch(error.what()));
    } catch (const CLI::ConversionError& error) {
      return Usage(DescribeConversion(error.what()));
    } catch (const CLI::ParseError& error) {
      return Usage(error.what());
    }
    return Collect();
  }

 private:
  static bool IsSwitch(const FlagSpec& flag) { return flag.value.empty() && flag.negated.empty(); }

  void AddIfNamed(CLI::App& app, const FlagSpec& flag) {
    // A short name may be one of several in an argument: "-qv".
    const bool named = !flag.short_name.empty() ||
                       std::ranges::any_of(arguments_, [&flag](std::string_view argument) {
                         return Names(argument.substr(0, argument.find('=')), flag);
                       });
    if (named) Add(app, flag);
  }

  void Add(CLI::App& app, const FlagSpec& flag) {
    // std::map: the slots must not move, CLI11 keeps references to them.
    Slot& slot = slots_[{&app, flag.name}];
    slot.flag = &flag;
    const std::string names =
        flag.short_name.empty() ? flag.name : flag.short_name + "," + flag.name;
    if (MayRepeat(flag)) {
      slot.option = app.add_option(names, slot.all)->expected(1)->allow_extra_args(false);
      slot.option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      return;
    }
    if (!flag.value.empty()) {
      slot.option = app.add_option(names, slot.text);
      if (flag.value_optional) slot.option->expected(0, 1);
    } else if (!flag.negated.empty()) {
      slot.option =
          app.add_flag(fmt::format("{}{{true}},{}{{false}}", names, flag.negated), slot.text);
    } else {
      slot.option = app.add_flag(names, slot.on);
    }
    // The last one wins, so that users can override the flags of a wrapper script.
    slot.option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  void AddCommand(const CommandSpec& command, bool with_flags) {
    CLI::App* sub = app_.add_subcommand(std::string(command.name));
    sub->set_help_flag();
    sub->fallthrough();
    if (!with_flags) return;
    for (const FlagSpec& flag : command.flags) AddIfNamed(*sub, flag);
    for (const PositionalSpec& positional : command.positionals) {
      Given& given = positionals_.emplace_back();
      const std::string name(positional.name);
      if (positional.repeated) {
        sub->add_option(name, given.all);
      } else {
        sub->add_option(name, given.one);
      }
    }
  }

  const CommandSpec* Command() {
    const std::vector<CLI::App*> parsed = app_.get_subcommands();
    if (parsed.empty()) return nullptr;
    for (const CommandSpec& command : Commands()) {
      if (command.name == parsed.front()->get_name()) return &command;
    }
    return nullptr;
  }

  // The slot of a flag of the program or of the given command; null if there is none.
  Slot* Find(const std::string& name) {
    for (auto& [key, slot] : slots_) {
      const bool in_use = key.first == &app_ || key.first->parsed();
      if (in_use && key.second == name) return &slot;
    }
    return nullptr;
  }

  bool Asked(const std::string& name) {
    const Slot* slot = Find(name);
    return slot != nullptr && slot->on;
  }

  std::optional<std::string> Text(const std::string& name) {
    const Slot* slot = Find(name);
    if (slot == nullptr || slot->option->count() == 0) return std::nullopt;
    // "--force=false" in a script is as if it were not there.
    if (IsSwitch(*slot->flag) && !slot->on) return std::nullopt;
    return slot->text;
  }

  tl::unexpected<Error> Usage(const std::string& problem) {
    const CommandSpec* command = Command();
    const std::string name = command == nullptr ? "" : " " + std::string(command->name);
    return Fail(ErrorKind::kUsage, fmt::format("{}\nsee 'dbx-es{} --help'", problem, name));
  }

  std::string DescribeExtra() {
    const std::vector<std::string> rest = app_.remaining(true);
    const std::string& extra = rest.front();
    const bool is_flag = extra.size() > 1 && extra.front() == '-';
    if (!is_flag && Command() != nullptr) return fmt::format("unexpected argument '{}'", extra);
    const char* what = is_flag ? "option" : "command";
    const std::string name = is_flag ? extra.substr(0, extra.find('=')) : extra;
    const std::string nearest = config::Nearest(name, Known(is_flag));
    if (nearest == name) return fmt::format("option '{}' belongs after the command", name);
    if (nearest.empty()) return fmt::format("unknown {} '{}'", what, name);
    return fmt::format("unknown {} '{}'; did you mean '{}'?", what, name, nearest);
  }

  // CLI11 starts the message with the name of the option: "--config: 1 required TEXT missing".
  std::string DescribeMismatch(const std::string& message) {
    const std::string name = message.substr(0, message.find(':'));
    const Slot* slot = Find(name);
    if (slot == nullptr) return message;
    return fmt::format("option '{}' needs a value: {}", name, slot->flag->value);
  }

  // Only the values of switches are converted: "Could not convert: --force = maybe".
  static std::string DescribeConversion(const std::string& message) {
    const std::size_t name = message.find("--");
    const std::size_t value = message.find(" = ");
    if (name == std::string::npos || value == std::string::npos) return message;
    return fmt::format("option '{}': expected true or false, found \"{}\"",
                       message.substr(name, value - name), message.substr(value + 3));
  }

  std::vector<std::string> Known(bool flags) {
    std::vector<std::string> names;
    if (!flags) {
      for (const CommandSpec& command : Commands()) names.emplace_back(command.name);
      return names;
    }
    AddNames(GlobalFlags(), names);
    for (const CommandSpec& command : Commands()) {
      if (Command() == nullptr || Command() == &command) AddNames(command.flags, names);
    }
    return names;
  }

  static void AddNames(std::span<const FlagSpec> flags, std::vector<std::string>& names) {
    for (const FlagSpec& flag : flags) {
      names.push_back(flag.name);
      if (!flag.negated.empty()) names.push_back(flag.negated);
    }
  }

  Result<CommandLine> Collect() {
    CommandLine line;
    const CommandSpec* command = Command();
    if (Asked("--version")) {
      line.print = VersionText();
    } else if (Asked("--help")) {
      line.print = command == nullptr ? ProgramHelp() : CommandHelp(*command);
    } else if (command == nullptr && !Asked("--json")) {
      line.print = ProgramHelp();
      line.print_code = ExitCode::kConfiguration;
    }
    if (line.print) return line;
    if (command == nullptr) return Usage("a command is missing: " + CommandNames());
    line.command = command->id;
    line.output = {Asked("--json"), Asked("--quiet"), Asked("--verbose")};
    line.load.config_file = Text("--config");
    CollectSettings(line);
    CollectValues(*command, line.values);
    if (command->relax != nullptr) command->relax(line.values, line.load);
    if (const std::string problem = Contradiction(line, *command); !problem.empty()) {
      return Usage(problem);
    }
    return line;
  }

  void CollectValues(const CommandSpec& command, CommandValues& values) {
    for (const FlagSpec& flag : command.flags) {
      if (auto text = Text(flag.name)) values.Set(flag.name, *std::move(text));
    }
    if (Asked("--json")) values.Set("--json", "");
    if (auto id = Text("--connector")) values.Set("--connector", *std::move(id));
    for (const Given& given : positionals_) {
      if (!given.one.empty()) values.AddArgument(given.one);
      for (const std::string& argument : given.all) values.AddArgument(argument);
    }
  }

  static std::string Contradiction(const CommandLine& line, const CommandSpec& command) {
    if (line.output.quiet && line.output.verbose) return "--quiet and --verbose exclude each other";
    if (command.contradiction != nullptr) {
      if (std::string problem = command.contradiction(line.values); !problem.empty())
        return problem;
    }
    if (std::string problem = WrongValue(line.values, command); !problem.empty()) return problem;
    return WrongArgument(line.values.arguments(), command);
  }

  static std::string WrongValue(const CommandValues& values, const CommandSpec& command) {
    for (const FlagSpec& flag : command.flags) {
      if (flag.required && !values.Has(flag.name)) {
        return fmt::format("option '{}' is missing: {}", flag.name, flag.value);
      }
      const std::vector<std::string> choices = ChoicesIn(flag.value);
      const auto alternatives = std::count(flag.value.begin(), flag.value.end(), '|') + 1;
      const bool closed = static_cast<std::ptrdiff_t>(choices.size()) == alternatives;
      if (!closed || !values.Has(flag.name)) continue;
      const std::string given = values.Text(flag.name);
      if (std::find(choices.begin(), choices.end(), given) == choices.end()) {
        return fmt::format("option '{}': expected {}, not '{}'", flag.name, flag.value, given);
      }
    }
    return "";
  }

  static std::string WrongArgument(const std::vector<std::string>& given,
                                   const CommandSpec& command) {
    if (given.size() < command.positionals.size() && !command.positionals[given.size()].optional) {
      return fmt::format("missing argument {}", command.positionals[given.size()].name);
    }
    // Of a variable that is not set. To leave an argument out may mean all.
    if (std::find(given.begin(), given.end(), "") != given.end()) return "an argument is empty";
    // The last one may take several.
    const std::size_t declared = std::min(given.size(), command.positionals.size());
    for (std::size_t i = 0; i < declared; ++i) {
      const std::vector<std::string> choices = ChoicesIn(command.positionals[i].name);
      if (choices.empty() || std::find(choices.begin(), choices.end(), given[i]) != choices.end()) {
        continue;
      }
      const std::string nearest = config::Nearest(given[i], choices);
      return nearest.empty()
                 ? fmt::format("unknown subcommand '{}'; expected {}", given[i],
                               command.positionals[i].name)
                 : fmt::format("unknown subcommand '{}'; did you mean '{}'?", given[i], nearest);
    }
    return "";
  }

  static std::string CommandNames() {
    std::string names;
    for (const CommandSpec& command : Commands()) {
      names += (names.empty() ? "" : ", ") + std::string(command.name);
    }
    return names;
  }

  void CollectSettings(CommandLine& line) {
    for (const FlagSpec& flag : GlobalFlags()) {
      if (flag.row == nullptr) continue;
      auto text = Text(flag.name);
      if (text) line.load.flags.push_back({flag.row, *std::move(text), Find(flag.name)->all});
    }
  }

  std::span<const std::string> arguments_;
  CLI::App app_;
  std::map<std::pair<CLI::App*, std::string>, Slot> slots_;
  std::deque<Given> positionals_;
};

// Whether the first argument of the command is any word, also "help".
bool TakesAnyWord(const CommandSpec& command) {
  return !command.positionals.empty() && command.positionals.front().repeated;
}

// "help", "COMMAND help" and "help COMMAND" mean --help.
std::optional<std::string> HelpOf(std::span<const std::string> arguments) {
  const bool only = arguments.size() == 1 && arguments[0] == "help";
  if (only) return ProgramHelp();
  if (arguments.size() != 2) return std::nullopt;
  for (const CommandSpec& command : Commands()) {
    if ((arguments[0] == command.name && arguments[1] == "help" && !TakesAnyWord(command)) ||
        (arguments[0] == "help" && arguments[1] == command.name)) {
      return CommandHelp(command);
    }
  }
  return std::nullopt;
}

}  // namespace

Result<CommandLine> ParseCommandLine(std::span<const std::string> arguments) {
  if (auto help = HelpOf(arguments)) {
    CommandLine line;
    line.print = std::move(help);
    return line;
  }
  // Scripts ask for the version often, and it needs no parser.
  if (arguments.size() == 1 && arguments.front() == "--version") {
    CommandLine line;
    line.print = VersionText();
    return line;
  }
  return Parser(arguments).Parse();
}

bool AsksFor(std::string_view flag, std::span<const std::string> arguments) {
  return std::find(arguments.begin(), arguments.end(), flag) != arguments.end();
}

std::string CommandNameIn(std::span<const std::string> arguments) {
  for (const std::string& argument : arguments) {
    for (const CommandSpec& command : Commands()) {
      if (argument == command.name) return argument;
    }
  }
  return "";
}

}  // namespace dbxes::cli

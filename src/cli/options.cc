// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

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

// One flag's place to be parsed into. Switches count, values are kept as text: reading them is the
// configuration's task, which knows ranges and units.
struct Slot {
  const FlagSpec* flag = nullptr;
  std::string text;
  bool on = false;
  CLI::Option* option = nullptr;
};

class Parser {
 public:
  Parser() : app_("dbx-es", "dbx-es") {
    // CLI11's own help is replaced by ours; --help is a switch like the others.
    app_.set_help_flag();
    // A second command would otherwise be run, too.
    app_.require_subcommand(0, 1);
    for (const FlagSpec& flag : GlobalFlags()) Add(app_, flag);
    for (const CommandSpec& command : Commands()) AddCommand(command);
  }

  Result<CommandLine> Parse(std::span<const std::string> arguments) {
    // CLI11 takes arguments off the end.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::ExtrasError&) {
      if (!Asked("--help") && !Asked("--version")) return Usage(DescribeExtra());
    } catch (const CLI::ArgumentMismatch& error) {
      return Usage(DescribeMismatch(error.what()));
    } catch (const CLI::ParseError& error) {
      return Usage(error.what());
    }
    return Collect();
  }

 private:
  void Add(CLI::App& app, const FlagSpec& flag) {
    // std::map: the slots must not move, CLI11 keeps references to them.
    Slot& slot = slots_[{&app, flag.name}];
    slot.flag = &flag;
    const std::string names =
        flag.short_name.empty() ? flag.name : flag.short_name + "," + flag.name;
    if (!flag.value.empty()) {
      slot.option = app.add_option(names, slot.text);
    } else if (!flag.negated.empty()) {
      slot.option =
          app.add_flag(fmt::format("{}{{true}},{}{{false}}", names, flag.negated), slot.text);
    } else {
      slot.option = app.add_flag(names, slot.on);
    }
    // A wrapper script's flag is overridden by appending another.
    slot.option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  void AddCommand(const CommandSpec& command) {
    CLI::App* sub = app_.add_subcommand(std::string(command.name));
    sub->set_help_flag();
    sub->fallthrough();
    for (const FlagSpec& flag : command.flags) Add(*sub, flag);
    for (const PositionalSpec& positional : command.positionals) {
      sub->add_option(std::string(positional.name), positionals_.emplace_back());
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

  // Slot of a flag of the program or of the command that was given; null if there is none.
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

  // CLI11 begins the message with the option's name: "--config: 1 required TEXT missing".
  std::string DescribeMismatch(const std::string& message) {
    const std::string name = message.substr(0, message.find(':'));
    const Slot* slot = Find(name);
    if (slot == nullptr) return message;
    return fmt::format("option '{}' needs a value: {}", name, slot->flag->value);
  }

  std::vector<std::string> Known(bool flags) {
    std::vector<std::string> names;
    if (!flags) {
      for (const CommandSpec& command : Commands()) names.emplace_back(command.name);
      return names;
    }
    for (const auto& [key, slot] : slots_) {
      if (key.first != &app_ && Command() != nullptr && !key.first->parsed()) continue;
      names.push_back(slot.flag->name);
      if (!slot.flag->negated.empty()) names.push_back(slot.flag->negated);
    }
    return names;
  }

  Result<CommandLine> Collect() {
    CommandLine line;
    const CommandSpec* command = Command();
    if (Asked("--version")) {
      line.print = VersionText();
    } else if (Asked("--help")) {
      line.print = command == nullptr ? ProgramHelp() : CommandHelp(*command);
    }
    if (line.print) return line;
    if (command == nullptr) return Usage("a command is missing: " + CommandNames());
    line.command = command->id;
    line.output = {Asked("--json"), Asked("--quiet"), Asked("--verbose")};
    line.load.config_file = Text("--config");
    line.dry_run = Asked("--dry-run");
    line.force = Asked("--force");
    line.remove = Asked("--remove");
    line.remote = Asked("--remote");
    line.preview = Asked("--preview");
    line.output_file = Text("--output").value_or("");
    line.load.needs_elasticsearch = !Text("--output") && command->id != CommandId::kValidateRules &&
                                    command->id != CommandId::kAuth;
    // What only looks needs neither secrets nor everything that is required.
    line.load.for_a_run = command->id != CommandId::kConfig && command->id != CommandId::kStatus;
    CollectSettings(line);
    for (const std::string& positional : positionals_) {
      if (!positional.empty()) line.positionals.push_back(positional);
    }
    if (std::string problem = Contradiction(line); !problem.empty()) return Usage(problem);
    if (std::string problem = WrongPositional(line, *command); !problem.empty()) {
      return Usage(problem);
    }
    CollectAuth(line);
    return line;
  }

  static std::string WrongPositional(const CommandLine& line, const CommandSpec& command) {
    const std::size_t given = line.positionals.size();
    if (command.id == CommandId::kConfig && given > 0) {
      const bool imports = line.positionals[0] == "import";
      if (imports && given < 2) return "missing argument FILE";
      if (line.positionals[0] == "show" && given > 1) {
        return fmt::format("unexpected argument '{}'", line.positionals[1]);
      }
      if (!imports && !line.output_file.empty()) return "--output is of use to import alone";
    }
    if (given < command.positionals.size() && !command.positionals[given].optional) {
      return fmt::format("missing argument {}", command.positionals[given].name);
    }
    for (std::size_t i = 0; i < given; ++i) {
      const std::vector<std::string> choices = ChoicesIn(command.positionals[i].name);
      const std::string& word = line.positionals[i];
      if (choices.empty() || std::find(choices.begin(), choices.end(), word) != choices.end()) {
        continue;
      }
      const std::string nearest = config::Nearest(word, choices);
      if (nearest.empty())
        return fmt::format("unknown word '{}', not {}", word, command.positionals[i].name);
      return fmt::format("unknown word '{}'; did you mean '{}'?", word, nearest);
    }
    return "";
  }

  void CollectAuth(CommandLine& line) {
    if (line.command != CommandId::kAuth) return;
    line.load.needs_refresh_token = !line.positionals.empty();
    line.auth.code = config::Secret(Text("--code").value_or(""));
    line.auth.redirect_uri =
        Text("--redirect-uri").value_or(std::string(config::kDefaultRedirectUri));
    line.auth.listen = Asked("--listen") || Text("--redirect-uri");
    line.auth.team = Asked("--team");
    line.auth.print = Asked("--print");
    line.auth.browser = !Asked("--no-browser");
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
      if (auto text = Text(flag.name)) line.load.flags.push_back({flag.row, *std::move(text)});
    }
  }

  std::string AuthContradiction(const CommandLine& line) {
    const auto code = Text("--code");
    const bool acts = !line.positionals.empty();
    for (const char* flag : {"--listen", "--team", "--print", "--no-browser"}) {
      if (acts && Asked(flag))
        return fmt::format("{} is of no use to {}", flag, line.positionals.front());
    }
    if (acts && code) return fmt::format("--code is of no use to {}", line.positionals.front());
    if (code && code->empty()) return "--code needs the code that Dropbox showed";
    if (code && (Asked("--listen") || Text("--redirect-uri"))) {
      return "--code and --listen exclude each other: the code comes one way or the other";
    }
    if (line.output.json && Asked("--print")) {
      return "--print and --json exclude each other: both write to standard output";
    }
    return "";
  }

  std::string Contradiction(const CommandLine& line) {
    if (line.output.quiet && line.output.verbose) return "--quiet and --verbose exclude each other";
    if (line.command == CommandId::kAuth) return AuthContradiction(line);
    const auto output = Text("--output");
    if (!output) return "";
    if (output->empty()) return "--output needs a file name, or - for standard output";
    if (line.dry_run) return "--output and --dry-run exclude each other: neither writes an index";
    if (*output == "-" && line.output.json) {
      return "--output - and --json exclude each other: both write to standard output";
    }
    return "";
  }

  CLI::App app_;
  std::map<std::pair<CLI::App*, std::string>, Slot> slots_;
  std::deque<std::string> positionals_;
};

}  // namespace

Result<CommandLine> ParseCommandLine(std::span<const std::string> arguments) {
  // A question that scripts ask often, and that needs no table of all options.
  if (arguments.size() == 1 && arguments.front() == "--version") {
    CommandLine line;
    line.print = VersionText();
    return line;
  }
  return Parser().Parse(arguments);
}

bool AsksForJson(std::span<const std::string> arguments) {
  return std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
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

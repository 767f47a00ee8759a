// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace dbxes::cli {
namespace {

using Arguments = std::vector<std::string>;

CommandLine Parse(const Arguments& arguments) {
  auto line = ParseCommandLine(arguments);
  INFO((line ? std::string() : line.error().message));
  REQUIRE(line.has_value());
  return *std::move(line);
}

std::string Problem(const Arguments& arguments) {
  const auto line = ParseCommandLine(arguments);
  if (line) return "no problem";
  CHECK(line.error().kind == ErrorKind::kUsage);
  return line.error().message;
}

// "index=files" for each setting that a flag gave, in the table's order.
Arguments Settings(const CommandLine& line) {
  Arguments settings;
  for (const config::FlagSetting& flag : line.load.flags) {
    std::string text = flag.text;
    for (const std::string& one : flag.all) text += one;
    settings.push_back(std::string(flag.row->key) + "=" + text);
  }
  return settings;
}

}  // namespace

TEST_CASE("global options are accepted before and after the command") {
  const Arguments flags{"-c", "f.toml", "--json", "-v", "--state-dir", "/s", "--index", "files"};
  Arguments before = flags;
  before.push_back("incremental");
  Arguments after = flags;
  after.insert(after.begin(), "incremental");
  for (const Arguments& arguments : {before, after}) {
    const CommandLine line = Parse(arguments);
    CHECK(line.command == CommandId::kIncremental);
    CHECK(line.load.config_file == "f.toml");
    CHECK(line.output.json);
    CHECK(line.output.verbose);
    CHECK_FALSE(line.output.quiet);
    CHECK(Settings(line) == Arguments{"index=files", "state_dir=/s"});
    CHECK_FALSE(line.print.has_value());
  }
}

TEST_CASE("every flag of the table is accepted with every command, on both sides") {
  for (const CommandSpec& command : Commands()) {
    for (const FlagSpec& flag : GlobalFlags()) {
      if (flag.row == nullptr) continue;
      CAPTURE(flag.name);
      Arguments flag_only{flag.name};
      if (!flag.value.empty()) flag_only.push_back("text");
      const std::string expected =
          std::string(flag.row->key) + (flag.value.empty() ? "=true" : "=text");
      Arguments rest{std::string(command.name)};
      for (const PositionalSpec& positional : command.positionals) {
        if (positional.optional) continue;
        const std::vector<std::string> choices = ChoicesIn(positional.name);
        rest.push_back(choices.empty() ? std::string(positional.name) : choices.front());
      }
      for (const FlagSpec& own : command.flags) {
        if (own.required) rest.push_back(own.name + "=" + ChoicesIn(own.value).front());
      }
      Arguments before = flag_only;
      before.insert(before.end(), rest.begin(), rest.end());
      Arguments after = rest;
      after.insert(after.end(), flag_only.begin(), flag_only.end());
      CHECK(Settings(Parse(before)) == Arguments{expected});
      CHECK(Settings(Parse(after)) == Arguments{expected});
    }
  }
}

TEST_CASE("a flag of patterns may be repeated, on both sides, with any text") {
  const CommandLine line = Parse({"--exclude", "*.tmp", "--include=[ab]", "full-sync", "--exclude",
                                  "[x,y]", "--exclude", "a,b c"});
  REQUIRE(line.load.flags.size() == 2);
  CHECK(line.load.flags[0].row->key == "include");
  CHECK(line.load.flags[0].all == Arguments{"[ab]"});
  CHECK(line.load.flags[1].all == Arguments{"*.tmp", "[x,y]", "a,b c"});
  CHECK(Problem({"full-sync", "--exclude"}) ==
        "option '--exclude' needs a value: GLOB\nsee 'dbx-es full-sync --help'");
  // It takes one word: the next one is an argument.
  CHECK(Problem({"full-sync", "--exclude", "a", "b"}) ==
        "unexpected argument 'b'\nsee 'dbx-es full-sync --help'");
}

TEST_CASE("a switch of a setting can be turned off, and the last one wins") {
  CHECK(Settings(Parse({"full-sync", "--no-verify-certs"})) == Arguments{"verify_certs=false"});
  CHECK(Settings(Parse({"full-sync", "--verify-certs"})) == Arguments{"verify_certs=true"});
  CHECK(Settings(Parse({"full-sync", "--no-verify-certs", "--verify-certs"})) ==
        Arguments{"verify_certs=true"});
  CHECK(Settings(Parse({"full-sync", "--index", "a", "--index=b"})) == Arguments{"index=b"});
  CHECK(Settings(Parse({"full-sync", "--pipeline", ""})) == Arguments{"pipeline="});
  CHECK(Settings(Parse({"full-sync"})).empty());
}

TEST_CASE("a switch may have a value, as scripts write it") {
  for (const char* off : {"false", "no", "off", "0"}) {
    const auto values = Parse({"full-sync", std::string("--force=") + off, "--dry-run"}).values;
    CHECK_FALSE(values.Has("--force"));
    CHECK(values.Has("--dry-run"));
  }
  CHECK(Parse({"full-sync", "--force=true"}).values.Has("--force"));
  CHECK_FALSE(Parse({"full-sync", "--force", "--force=false"}).values.Has("--force"));
  CHECK_FALSE(Parse({"acl-sync", "--remove=false"}).values.Has("--remove"));
  CHECK(Problem({"full-sync", "--dry-run=banana"}) ==
        "option '--dry-run': expected true or false, found \"banana\"\n"
        "see 'dbx-es full-sync --help'");
}

TEST_CASE("commands that depend on what is indexed ask for the settings in Kibana") {
  using config::AskKibana;
  for (const char* command : {"full-sync", "incremental", "acl-sync", "verify", "status"}) {
    CAPTURE(command);
    CHECK(Parse({command}).load.asks_kibana == AskKibana::kToRun);
  }
  CHECK(Parse({"connector", "run"}).load.asks_kibana == AskKibana::kToRun);
  CHECK(Parse({"check"}).load.asks_kibana == AskKibana::kToShow);
  CHECK(Parse({"config", "show"}).load.asks_kibana == AskKibana::kToShow);
  CHECK(Parse({"explain", "ann@example.com", "/a"}).load.asks_kibana == AskKibana::kToShow);
  CHECK(Parse({"connector", "unregister"}).load.asks_kibana == AskKibana::kNo);
  // The settings of that connector count, not those of connector.id.
  for (const char* action : {"run", "register", "unregister"}) {
    const auto load = Parse({"connector", action, "--connector", "a", "--id", "b"}).load;
    REQUIRE(load.flags.size() == 2);
    CHECK(load.flags.back().row == config::FindOption("connector", "id"));
    CHECK(load.flags.back().text == "b");
  }
  CHECK(Parse({"search", "word"}).load.asks_kibana == AskKibana::kNo);
}

TEST_CASE("options of one run") {
  const CommandLine plain = Parse({"full-sync"});
  CHECK(plain.command == CommandId::kFullSync);
  CHECK_FALSE(plain.values.Has("--dry-run"));
  CHECK_FALSE(plain.values.Has("--force"));
  CHECK_FALSE(plain.values.Has("--output"));
  CHECK(plain.load.needs_elasticsearch);
  CHECK_FALSE(plain.load.config_file.has_value());
  CHECK(Parse({"full-sync", "--dry-run"}).values.Has("--dry-run"));
  CHECK(Parse({"incremental", "--dry-run"}).values.Has("--dry-run"));
  CHECK(Parse({"full-sync", "--force"}).values.Has("--force"));
  const CommandLine output = Parse({"full-sync", "--output", "-"});
  CHECK(output.values.Text("--output") == "-");
  CHECK_FALSE(output.load.needs_elasticsearch);
  CHECK(Parse({"explain", "ann@example.com", "/a"}).values.arguments() ==
        Arguments{"ann@example.com", "/a"});
  CHECK(Parse({"extract", "a", "b", "--json", "c"}).values.arguments() == Arguments{"a", "b", "c"});
  CHECK_FALSE(Parse({"extract", "a"}).load.for_a_run);
  const CommandLine rules = Parse({"validate-rules", "file"});
  CHECK_FALSE(rules.values.Has("--remote"));
  CHECK_FALSE(rules.values.Has("--preview"));
  CHECK_FALSE(rules.load.needs_elasticsearch);
  CHECK(Parse({"validate-rules", "--remote", "file"}).values.Has("--remote"));
  CHECK(Parse({"validate-rules", "file", "--preview"}).values.Has("--preview"));
}

TEST_CASE("a command that takes words takes all of them, also names of commands") {
  const CommandLine line = Parse({"search", "status", "--limit", "3", "help", "--json"});
  CHECK(line.command == CommandId::kSearch);
  CHECK(line.values.arguments() == Arguments{"status", "help"});
  CHECK(line.values.Text("--limit") == "3");
  CHECK(line.output.json);
  CHECK_FALSE(line.load.needs_refresh_token);
  CHECK(Parse({"search", "help"}).values.arguments() == Arguments{"help"});
  CHECK(Parse({"search", "--", "-draft"}).values.arguments() == Arguments{"-draft"});
  CHECK(Problem({"search"}) == "missing argument WORD\nsee 'dbx-es search --help'");
  CHECK(Problem({"search", ""}) == "an argument is empty\nsee 'dbx-es search --help'");
  for (const char* limit : {"0", "10001", "x", "3x", "-1", ""}) {
    CAPTURE(limit);
    CHECK(
        Problem({"search", "a", "--limit", limit}).starts_with("--limit expects a number from 1"));
  }
}

TEST_CASE("an action and then any number of documents") {
  CHECK(Parse({"failures"}).values.arguments().empty());
  CHECK(Parse({"failures", "accept", "/a", "id:b"}).values.arguments() ==
        Arguments{"accept", "/a", "id:b"});
  CHECK(Parse({"failures"}).load.reads_state);
  CHECK(Problem({"failures", "list", "/a"}).starts_with("failures list takes no document"));
  CHECK(Problem({"failures", "/a"}).starts_with("unknown subcommand '/a'; expected list|retry|"));
}

TEST_CASE("help and version are printed, with a command or without") {
  CHECK(Parse({"--version"}).print == "dbx-es " DBXES_VERSION "\n");
  CHECK(Parse({"full-sync", "--version"}).print == "dbx-es " DBXES_VERSION "\n");
  CHECK(Parse({"--help"}).print->starts_with("dbx-es keeps "));
  CHECK(Parse({"-h"}).print == Parse({"--help"}).print);
  CHECK(Parse({"full-sync", "--help"}).print->starts_with("Usage: dbx-es full-sync "));
  CHECK(Parse({"--help", "full-sync"}).print->starts_with("Usage: dbx-es full-sync "));
  CHECK(Parse({"incremental", "-h"}).print->starts_with("Usage: dbx-es incremental "));
}

TEST_CASE("the word help, and no command at all, print the help") {
  CHECK(Parse({"full-sync", "help"}).print == Parse({"full-sync", "--help"}).print);
  CHECK(Parse({"help", "explain"}).print == Parse({"explain", "--help"}).print);
  CHECK(Parse({"explain", "help"}).print == Parse({"explain", "--help"}).print);
  CHECK(Parse({"help"}).print == Parse({"--help"}).print);
  CHECK(Parse({"help"}).print_code == ExitCode::kOk);
  const CommandLine bare = Parse({});
  CHECK(bare.print == Parse({"--help"}).print);
  CHECK(bare.print_code == ExitCode::kConfiguration);
  CHECK(Parse({"explain", "help", "/a"}).values.Argument(0) == "help");
}

TEST_CASE("usage errors are one line and a hint") {
  CHECK(
      Problem({"--json"}) ==
      "a command is missing: init, auth, check, full-sync, incremental, acl-sync, verify, status, "
      "explain, extract, search, ls, show, failures, validate-rules, config, state, connector\n"
      "see 'dbx-es --help'");
  CHECK(Problem({"fullsync"}) ==
        "unknown command 'fullsync'; did you mean 'full-sync'?\nsee 'dbx-es --help'");
  CHECK(Problem({"full-sync", "now"}) ==
        "unexpected argument 'now'\nsee 'dbx-es full-sync --help'");
  CHECK(Problem({"full-sync", "incremental"}) ==
        "unexpected argument 'incremental'\nsee 'dbx-es full-sync --help'");
  CHECK(Problem({"full-sync", "--dry-rum"}) ==
        "unknown option '--dry-rum'; did you mean '--dry-run'?\nsee 'dbx-es full-sync --help'");
  CHECK(Problem({"full-sync", "--pathh=/x"}) ==
        "unknown option '--pathh'; did you mean '--path'?\nsee 'dbx-es full-sync --help'");
  CHECK(Problem({"incremental", "--output", "x"}).starts_with("unknown option '--output'"));
  CHECK(Problem({"incremental", "--force"}).starts_with("unknown option '--force'"));
  CHECK(Problem({"--dry-run", "full-sync"}) ==
        "option '--dry-run' belongs after the command\nsee 'dbx-es full-sync --help'");
  CHECK(Problem({"full-sync", "--config"}) ==
        "option '--config' needs a value: FILE\nsee 'dbx-es full-sync --help'");
  CHECK(Problem({"full-sync", "--json=maybe"}).find("--json") != std::string::npos);
  CHECK(Problem({"explain", "ann@example.com"}) ==
        "missing argument DOCUMENT\nsee 'dbx-es explain --help'");
  CHECK(Problem({"failures", "accept", ""}) ==
        "an argument is empty\nsee 'dbx-es failures --help'");
  CHECK(Problem({"extract"}) == "missing argument FILE\nsee 'dbx-es extract --help'");
}

TEST_CASE("options that contradict each other are refused") {
  CHECK(Problem({"full-sync", "--output", "-", "--json"}).starts_with("--output - and --json "));
  CHECK(Problem({"full-sync", "--output", "f", "--json"}) == "no problem");
  CHECK(Problem({"full-sync", "--output", "f", "--dry-run"})
            .starts_with("--output and --dry-run exclude each other"));
  CHECK(Problem({"full-sync", "--output", ""}).starts_with("--output needs a file name"));
  CHECK(Problem({"full-sync", "--output", "f", "--changes", "f"})
            .starts_with("--changes and --output name the same file"));
  CHECK(Problem({"full-sync", "-q", "-v"}).starts_with("--quiet and --verbose exclude"));
  CHECK(Problem({"full-sync", "-qv"}).starts_with("--quiet and --verbose exclude"));
}

TEST_CASE("the form of an error is known even when the command line is wrong") {
  CHECK(AsksFor("--json", Arguments{"full-sync", "--wrong", "--json"}));
  CHECK_FALSE(AsksFor("--json", Arguments{"full-sync", "--wrong"}));
  CHECK(CommandNameIn(Arguments{"--wrong", "incremental"}) == "incremental");
  CHECK(CommandNameIn(Arguments{"--wrong"}) == "");
}

TEST_CASE("commands that only inspect need no secrets") {
  CHECK_FALSE(Parse({"config", "show"}).load.for_a_run);
  CHECK_FALSE(Parse({"status"}).load.for_a_run);
  CHECK(Parse({"check"}).load.for_a_run);
  CHECK(Parse({"full-sync"}).load.for_a_run);
  const CommandLine import = Parse({"config", "import", "a.yml", "--output", "b.toml"});
  CHECK(import.values.arguments() == Arguments{"import", "a.yml"});
  CHECK(import.values.Text("--output") == "b.toml");
  CHECK(Problem({"config"}).starts_with("missing argument show|import"));
  CHECK(Problem({"config", "shw"}).starts_with("unknown subcommand 'shw'; did you mean 'show'?"));
  CHECK(Problem({"config", "import"}).starts_with("missing argument FILE"));
  CHECK(Problem({"config", "show", "x"}).starts_with("unexpected argument 'x'"));
  CHECK(Problem({"config", "show", "--output", "x"})
            .starts_with("--output is only for config import"));
  CHECK(Problem({"chekc"}).starts_with("unknown command 'chekc'; did you mean 'check'?"));
  CHECK(Problem({"check", "--jsn"}).starts_with("unknown option '--jsn'; did you mean '--json'?"));
}

TEST_CASE("options of auth") {
  const CommandLine plain = Parse({"auth"});
  CHECK(plain.command == CommandId::kAuth);
  CHECK_FALSE(plain.load.needs_elasticsearch);
  CHECK_FALSE(plain.load.needs_refresh_token);
  CHECK(plain.values.arguments().empty());
  CHECK(Parse({"auth", "--code", "abc"}).values.Text("--code") == "abc");
  CHECK(Parse({"auth", "--print", "--team"}).values.Has("--print"));
  CHECK(Parse({"auth"}).values.Text("--redirect-uri", "default") == "default");
  const CommandLine status = Parse({"auth", "status"});
  CHECK(status.load.needs_refresh_token);
  CHECK(status.values.arguments() == Arguments{"status"});
  CHECK(Parse({"full-sync"}).load.needs_refresh_token);
  CHECK(Problem({"auth", "stauts"})
            .starts_with("unknown subcommand 'stauts'; did you mean 'status'?"));
  CHECK(Problem({"auth", "everything"})
            .starts_with("unknown subcommand 'everything'; expected status|revoke"));
  CHECK(Problem({"auth", "status", "revoke"}).starts_with("unexpected argument 'revoke'"));
}

}  // namespace dbxes::cli

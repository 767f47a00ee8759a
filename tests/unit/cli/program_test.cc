// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/json/json.h"
#include "base/os/posix_file_system.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"
#include "unit/base/os/temp_folder.h"
#include "unit/report/capture.h"

namespace dbxes::cli {
namespace {

// A program whose commands only record their arguments.
struct Harness {
  config::EnvironmentVariables environment{{"HOME", "/home/u"},
                                           {"DBX_ES_DROPBOX_APP_KEY", "k"},
                                           {"DBX_ES_DROPBOX_REFRESH_TOKEN", "t"},
                                           {"DBX_ES_ELASTICSEARCH_HOST", "http://localhost:9200"}};
  ExitCode answer = ExitCode::kOk;
  FakeClock clock;
  std::optional<config::Config> seen;
  CommandLine line;                             // of the command
  std::vector<config::ConfigProblem> problems;  // that check got
  std::vector<std::string> pinged;              // URLs
  std::optional<Error> error;                   // of the summary
  bool begins = true;                           // the run holds its target
  bool throws = false;
  std::string connector;  // as the cluster answers; "" if it does not
  std::string out;
  std::string err;

  ExitCode Run(const std::vector<std::string>& arguments, std::FILE* other_out = nullptr) {
    report::Capture out_capture;
    report::Capture err_capture;
    seen.reset();
    const auto runner = [this](const CommandLine& given, const config::Config& config,
                               report::Reporter& reporter) {
      line = given;
      seen = config;
      if (begins) reporter.Begin();
      if (throws) throw std::runtime_error("bad_alloc");
      report::RunSummary summary;
      summary.command = "noted";
      summary.exit_code = answer;
      summary.error = error;
      reporter.Summary(summary);
      return answer;
    };
    const ProgramContext context{
        .sources = {.environment = environment,
                    .read_file = [](const std::string& path) -> Result<std::string> {
                      return Fail(ErrorKind::kNotFound, "cannot open " + path);
                    },
                    .file_mode = [](const std::string&) { return std::nullopt; },
                    .read_form = [this](const config::Config&) -> Result<config::ConnectorForm> {
                      if (connector.empty()) return Fail(ErrorKind::kTemporary, "it is down");
                      const config::ConnectorForm::Field field{
                          "path", "Path", {config::RawValue::kText, "/Kibana", ""}};
                      return config::ConnectorForm{{field}, config::Secret(connector)};
                    }},
        .streams = {other_out != nullptr ? other_out : out_capture.stream(), err_capture.stream()},
        .terminal = report::MakeTerminal(false, "", ""),
        .runners = {{CommandId::kFullSync, runner},
                    {CommandId::kIncremental, runner},
                    {CommandId::kValidateRules, runner}},
        .check =
            [this](const CommandLine& given, const config::LoadedConfig& loaded,
                   report::Reporter&) {
              line = given;
              seen = loaded.config;
              problems = loaded.problems;
              return answer;
            },
        .make_http =
            [this] {
              auto network = std::make_unique<FakeNetwork>(clock);
              network->Route("https://hc.test", [this](const FakeRequest& request) {
                pinged.push_back(request.url);
                return FakeAnswer{};
              });
              return network;
            },
    };
    const ExitCode code = RunProgram(arguments, context);
    out = out_capture.Text();
    err = err_capture.Text();
    return code;
  }

  // The one JSON object on standard output.
  rapidjson::Document Json() const {
    REQUIRE(out.find('\n') == out.size() - 1);
    auto json = ParseJson(out, "output");
    REQUIRE(json.has_value());
    return *std::move(json);
  }
};

std::string ContentOf(const std::string& path) {
  auto content = PosixFileSystem().ReadFile(path);
  return content ? *content : "no file";
}

}  // namespace

TEST_CASE("check is there for configurations that are wrong") {
  Harness harness;
  harness.environment.erase("DBX_ES_DROPBOX_REFRESH_TOKEN");
  harness.answer = ExitCode::kAuthorization;
  CHECK(harness.Run({"check", "--json"}) == ExitCode::kAuthorization);
  REQUIRE(harness.seen);
  CHECK(harness.line.output.json);
  CHECK(harness.problems.size() == 1);
}

constexpr const char* kConnector =
    R"({"_id":"c1","_seq_no":1,"_primary_term":1,"_source":{"service_type":"dropbox",)"
    R"("index_name":"docs","configuration":{"path":{"label":"Path","value":"/Kibana"},)"
    R"("refresh_token":{"label":"Token","value":"kept secret"}},"filtering":[{"active":{)"
    R"("rules":[{"id":"r1","policy":"exclude","field":"name","rule":"equals","value":"x",)"
    R"("order":0}],"advanced_snippet":{"value":{}}}}]}})";

TEST_CASE("config show names Kibana as an origin, and says when it does not answer") {
  Harness harness;
  harness.environment["DBX_ES_ELASTICSEARCH_INDEX"] = "docs";
  harness.environment["DBX_ES_CONNECTOR_ID"] = "c1";
  harness.connector = kConnector;
  CHECK(harness.Run({"config", "show"}) == ExitCode::kOk);
  CHECK(harness.out.find("dropbox.path = \"/Kibana\"  # Kibana\n") != std::string::npos);
  CHECK(harness.err.empty());
  harness.connector.clear();
  CHECK(harness.Run({"config", "show"}) == ExitCode::kOk);
  CHECK(harness.out.find("dropbox.path = \"/\"  # default\n") != std::string::npos);
  CHECK(harness.err.find("the settings in Kibana are not shown: it is down") != std::string::npos);
}

TEST_CASE("config import takes a connector from the cluster, its rules into a file of their own") {
  Harness harness;
  harness.connector = kConnector;
  CHECK(harness.Run({"config", "import", "--connector", "c1"}) == ExitCode::kOk);
  CHECK(harness.out.find("path = \"/Kibana\"") != std::string::npos);
  CHECK(harness.out.find("kept secret") == std::string::npos);
  CHECK(harness.out.find("with --output, the active sync rules are written") != std::string::npos);
  const TempFolder folder;
  const std::string target = folder.path() + "/new.toml";
  CHECK(harness.Run({"config", "import", "--connector", "c1", "--output", target}) ==
        ExitCode::kOk);
  const std::string toml = ContentOf(target);
  CHECK(toml.find("refresh_token = \"kept secret\"") != std::string::npos);
  CHECK(toml.find("rules = \"" + folder.path() + "/new.rules.json\"") != std::string::npos);
  CHECK(ContentOf(folder.path() + "/new.rules.json").find(R"("id":"r1")") != std::string::npos);
  // Rules that are there are those of somebody else.
  REQUIRE(PosixFileSystem().ReplaceFile(folder.path() + "/b.rules.json", "[]", 0600));
  CHECK(harness.Run({"config", "import", "--connector", "c1", "--output",
                     folder.path() + "/b.toml"}) == ExitCode::kConfiguration);
  CHECK(harness.err.find("/b.rules.json already exists") != std::string::npos);
  CHECK(ContentOf(folder.path() + "/b.toml") == "no file");
  CHECK(ContentOf(folder.path() + "/b.rules.json") == "[]");
  // The other way round.
  REQUIRE(PosixFileSystem().ReplaceFile(folder.path() + "/c.toml", "mine", 0600));
  CHECK(harness.Run({"config", "import", "--connector", "c1", "--output",
                     folder.path() + "/c.toml"}) == ExitCode::kConfiguration);
  CHECK(ContentOf(folder.path() + "/c.toml") == "mine");
  CHECK(ContentOf(folder.path() + "/c.rules.json") == "no file");
  harness.connector.clear();
  CHECK(harness.Run({"config", "import", "--connector", "c1"}) == ExitCode::kConfiguration);
  CHECK(harness.err.find("connector c1 cannot be read: it is down") != std::string::npos);
  CHECK(harness.Run({"config", "import", "x.json", "--connector", "c1"}) ==
        ExitCode::kConfiguration);
  CHECK(harness.err.find("exclude each other") != std::string::npos);
}

TEST_CASE("config show needs no complete configuration, and fails for a wrong one") {
  Harness harness;
  harness.environment = {{"DBX_ES_DROPBOX_PATH", "/Team"}};
  CHECK(harness.Run({"config", "show"}) == ExitCode::kOk);
  CHECK(harness.out.find("dropbox.path = \"/Team\"  # environment DBX_ES_DROPBOX_PATH\n") !=
        std::string::npos);
  CHECK(harness.err.empty());
  harness.environment["DBX_ES_DROPBOX_PATH"] = "Team";
  CHECK(harness.Run({"config", "show", "--json"}) == ExitCode::kConfiguration);
  CHECK(UintMember(harness.Json(), "exit_code") == 2);
  CHECK(StringMember(harness.Json(), "message").find("dropbox.path") != std::string::npos);
  CHECK(harness.Run({"config", "show"}) == ExitCode::kConfiguration);
  CHECK(harness.err.find("dbx-es: environment DBX_ES_DROPBOX_PATH: dropbox.path: expected") == 0);
  // What contradicts itself is wrong, too.
  harness.environment = {{"DBX_ES_ELASTICSEARCH_USERNAME", "u"}};
  CHECK(harness.Run({"config", "show"}) == ExitCode::kConfiguration);
  CHECK(harness.err.find("is given without elasticsearch.password") != std::string::npos);
}

TEST_CASE("a log in JSON takes the place of what is printed on standard error") {
  for (const bool in_environment : {false, true}) {
    Harness program;
    std::vector<std::string> arguments{"incremental"};
    if (in_environment) {
      program.environment["DBX_ES_REPORT_LOG_FORMAT"] = "json";
    } else {
      arguments.insert(arguments.end(), {"--log-format", "json"});
    }
    CHECK(program.Run(arguments) == ExitCode::kOk);
    CHECK(program.out == "");
    const auto event = ParseJson(program.err, "the log");
    REQUIRE(event);
    CHECK(StringMember(*event, "event.outcome") == "success");
    // So does a configuration that is wrong.
    program.environment.erase("DBX_ES_DROPBOX_APP_KEY");
    CHECK(program.Run(arguments) == ExitCode::kConfiguration);
    CHECK(program.out == "");
    const auto wrong = ParseJson(program.err, "the log");
    REQUIRE(wrong);
    CHECK(StringMember(*wrong, "log.level") == "error");
    CHECK(StringMember(*wrong, "error.message").find("dropbox.app_key") != std::string_view::npos);
  }
}

TEST_CASE("a log file is written besides what is printed, -q or not") {
  const TempFolder folder;
  const std::string log = folder / "log";
  Harness program;
  CHECK(program.Run({"incremental", "--log-file", log}) == ExitCode::kOk);
  CHECK(program.out == "noted: 0 created, 0 updated, 0 unchanged, 0 deleted in 0.0 s\n");
  CHECK(program.err == "");
  CHECK(program.Run({"incremental", "-q", "--log-format", "json", "--log-file", log}) ==
        ExitCode::kOk);
  CHECK(program.out == "");
  CHECK(program.err == "");
  const std::string lines = ContentOf(log);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
  CHECK(lines.find(": noted: 0 created") != std::string::npos);
  const auto event = ParseJson(lines.substr(lines.find('\n') + 1), "the log");
  REQUIRE(event);
  CHECK(StringMember(*event, "event.action") == "incremental");
}

TEST_CASE("a log file that cannot be opened or written is no success") {
  Harness program;
  CHECK(program.Run({"incremental", "--log-file", "/nowhere/log"}) == ExitCode::kConfiguration);
  CHECK(program.err ==
        "dbx-es: cannot open the log file /nowhere/log: No such file or directory\n");
  CHECK_FALSE(program.seen);
  CHECK(program.Run({"incremental", "--log-file", "/dev/full"}) == ExitCode::kFailed);
  CHECK(program.err ==
        "dbx-es: the run succeeded, but its log or metrics could not be written\n"
        "dbx-es: warning: cannot write the log file /dev/full: No space left on device\n");
}

TEST_CASE("a list of changes that cannot be opened stops the run before it begins") {
  Harness program;
  CHECK(program.Run({"incremental", "--changes", "/nowhere/list"}) == ExitCode::kConfiguration);
  CHECK(program.err == "dbx-es: cannot write --changes /nowhere/list: No such file or directory\n");
  CHECK_FALSE(program.seen);
}

TEST_CASE("syncs are counted and pinged, other commands and dry runs are not") {
  const TempFolder folder;
  const std::string metrics = folder / "dbx-es.prom";
  Harness program;
  program.environment["DBX_ES_REPORT_METRICS_FILE"] = metrics;
  program.environment["DBX_ES_REPORT_PING_URL"] = "https://hc.test/swordfish";
  CHECK(program.Run({"full-sync", "--dry-run"}) == ExitCode::kOk);
  CHECK(program.Run({"full-sync", "--output", "-"}) == ExitCode::kOk);
  CHECK(program.Run({"validate-rules", "--remote", "/dev/null"}) == ExitCode::kOk);
  CHECK(program.pinged.empty());
  CHECK(ContentOf(metrics) == "no file");
  CHECK(program.Run({"full-sync"}) == ExitCode::kOk);
  program.answer = ExitCode::kAuthorization;
  CHECK(program.Run({"full-sync"}) == ExitCode::kAuthorization);
  CHECK(program.pinged ==
        std::vector<std::string>{"https://hc.test/swordfish/start", "https://hc.test/swordfish",
                                 "https://hc.test/swordfish/start", "https://hc.test/swordfish/4"});
  CHECK(ContentOf(metrics).find(
            R"(dbx_es_last_run_exit_code{command="noted",index="search-dropbox"} 4)") !=
        std::string::npos);
}

TEST_CASE("every run that begins pings its end, and a run that finds another one pings nothing") {
  Harness program;
  program.environment["DBX_ES_REPORT_PING_URL"] = "https://hc.test/x";
  using Urls = std::vector<std::string>;
  program.throws = true;
  CHECK_THROWS(program.Run({"incremental"}));
  CHECK(std::exchange(program.pinged, {}) ==
        Urls{"https://hc.test/x/start", "https://hc.test/x/1"});

  program.throws = false;
  program.begins = false;
  CHECK(program.Run({"incremental", "--log-file", "/nowhere/log"}) == ExitCode::kConfiguration);
  CHECK(std::exchange(program.pinged, {}) == Urls{"https://hc.test/x/2"});

  program.answer = ExitCode::kLocked;
  program.error = Error{ErrorKind::kLocked, "another run holds this target"};
  CHECK(program.Run({"incremental"}) == ExitCode::kLocked);
  CHECK(program.pinged.empty());
}

TEST_CASE("with -q, a run that finds another one at work prints nothing and ends with 11") {
  const TempFolder folder;
  const std::string log = folder / "log";
  Harness program;
  program.answer = ExitCode::kLocked;
  program.error = Error{ErrorKind::kLocked, "another run holds this target"};
  CHECK(program.Run({"incremental", "-q"}) == ExitCode::kLocked);
  CHECK(program.out == "");
  CHECK(program.err == "");
  CHECK(program.Run({"incremental", "-q", "--log-format", "json"}) == ExitCode::kLocked);
  CHECK(program.err == "");
  CHECK(program.Run({"incremental", "-q", "--json", "--log-file", log}) == ExitCode::kLocked);
  CHECK(StringMember(program.Json(), "outcome") == "locked");
  CHECK(program.err == "");
  CHECK(ContentOf(log).find("noted failed") != std::string::npos);
  CHECK(program.Run({"incremental"}) == ExitCode::kLocked);
  CHECK(program.err != "");
  // The index is not kept up to date by anyone here: somebody has to act.
  program.error->kind = ErrorKind::kKeptElsewhere;
  CHECK(program.Run({"incremental", "-q"}) == ExitCode::kLocked);
  CHECK(program.err != "");
}

TEST_CASE("--wait takes a duration or none") {
  Harness program;
  CHECK(program.Run({"incremental"}) == ExitCode::kOk);
  CHECK_FALSE(program.line.values.Has("--wait"));
  for (const char* command : {"full-sync", "incremental"}) {
    CHECK(program.Run({command, "--wait", "10m"}) == ExitCode::kOk);
    CHECK(program.line.values.Text("--wait") == "10m");
    CHECK(program.Run({command, "--wait", "-q"}) == ExitCode::kOk);
    CHECK(program.line.values.Has("--wait"));
    CHECK(program.line.values.Text("--wait") == "");
    CHECK(program.line.output.quiet);
    CHECK(program.Run({command, "--wait=soon"}) == ExitCode::kConfiguration);
    CHECK(program.err.starts_with(
        "dbx-es: --wait expects a duration such as 90s, 10m or 2h, found \"soon\"\n"));
  }
  CHECK(program.Run({"status", "--wait"}) == ExitCode::kConfiguration);
}

TEST_CASE("a success that cannot be written down is none") {
  Harness program;
  CHECK(program.Run({"full-sync", "--metrics-file", "/nowhere/x.prom"}) == ExitCode::kFailed);
  CHECK(program.err.starts_with("dbx-es: warning: metrics file: cannot open folder /nowhere"));
  program.answer = ExitCode::kUnavailable;
  CHECK(program.Run({"full-sync", "--metrics-file", "/nowhere/x.prom"}) == ExitCode::kUnavailable);
}

TEST_CASE("validate-rules asks Dropbox only on request") {
  Harness harness;
  harness.environment.erase("DBX_ES_ELASTICSEARCH_HOST");
  CHECK(harness.Run({"validate-rules", "/dev/null"}) == ExitCode::kConfiguration);
  CHECK_FALSE(harness.seen);
  CHECK(harness.Run({"validate-rules", "--remote", "/dev/null"}) == ExitCode::kOk);
  REQUIRE(harness.seen);
  CHECK_FALSE(harness.line.values.Has("--preview"));
  CHECK(harness.line.values.arguments() == std::vector<std::string>{"/dev/null"});
  CHECK(harness.Run({"validate-rules", "--preview", "/dev/null"}) == ExitCode::kOk);
  REQUIRE(harness.seen);
  CHECK(harness.line.values.Has("--preview"));
  harness.environment.erase("DBX_ES_DROPBOX_APP_KEY");
  CHECK(harness.Run({"validate-rules", "--remote", "/dev/null"}) == ExitCode::kConfiguration);
}

TEST_CASE("a command gets the settings and options it was started with") {
  Harness program;
  CHECK(program.Run({"full-sync", "--dry-run", "--force", "--index", "files"}) == ExitCode::kOk);
  REQUIRE(program.seen.has_value());
  CHECK(program.line.values.Has("--dry-run"));
  CHECK(program.line.values.Has("--force"));
  CHECK(program.seen->elasticsearch.index == "files");
  CHECK(program.seen->dropbox.app_key == "k");
  CHECK(program.out == "noted: 0 created, 0 updated, 0 unchanged, 0 deleted in 0.0 s\n");
  CHECK(program.err == "");
}

TEST_CASE("the exit code of the command is that of the program") {
  Harness program;
  for (const ExitCodeRow& row : kExitCodes) {
    program.answer = row.code;
    CHECK(program.Run({"incremental"}) == row.code);
  }
}

TEST_CASE("a wrong command line is exit code 2, one line and a hint") {
  Harness program;
  CHECK(program.Run({"full-sync", "--nonsense"}) == ExitCode::kConfiguration);
  CHECK(program.out == "");
  CHECK(program.err ==
        "dbx-es: unknown option '--nonsense'\ndbx-es: see 'dbx-es full-sync --help'\n");
  CHECK_FALSE(program.seen.has_value());
}

TEST_CASE("a wrong configuration is exit code 2 and a line per problem") {
  Harness program;
  program.environment["DBX_ES_DROPBOX_PATH"] = "x";
  program.environment["DBX_ES_SYNC_MAX_DELETE"] = "x";
  CHECK(program.Run({"incremental"}) == ExitCode::kConfiguration);
  CHECK(program.out == "");
  CHECK(program.err ==
        "dbx-es: environment DBX_ES_DROPBOX_PATH: dropbox.path: expected a path that starts with "
        "a slash, such as \"/Team/Reports\", or \"/\" for everything, found \"x\"\n"
        "dbx-es: environment DBX_ES_SYNC_MAX_DELETE: sync.max_delete: expected a number of "
        "documents, \"auto\" or \"unlimited\", found \"x\"\n");
  CHECK_FALSE(program.seen.has_value());
}

TEST_CASE("with --json there is exactly one object, whatever is wrong") {
  Harness program;
  CHECK(program.Run({"full-sync", "--json", "--nonsense"}) == ExitCode::kConfiguration);
  rapidjson::Document json = program.Json();
  CHECK(StringMember(json, "command") == "full-sync");
  CHECK(StringMember(json, "outcome") == "configuration");
  CHECK(UintMember(json, "exit_code") == 2);
  CHECK(StringMember(json, "message").find("--nonsense") != std::string_view::npos);

  program.environment["DBX_ES_DROPBOX_PATH"] = "x";
  CHECK(program.Run({"--json", "incremental", "--dry-run"}) == ExitCode::kConfiguration);
  json = program.Json();
  CHECK(StringMember(json, "command") == "incremental");
  CHECK(BoolMember(json, "dry_run", false));
  CHECK(StringMember(json, "message").find("DBX_ES_DROPBOX_PATH") != std::string_view::npos);

  program.environment.erase("DBX_ES_DROPBOX_PATH");
  CHECK(program.Run({"incremental", "--json"}) == ExitCode::kOk);
  CHECK(StringMember(program.Json(), "outcome") == "ok");
}

TEST_CASE("warnings of the configuration are printed and the run continues") {
  Harness program;
  program.environment["DBX_ES_DROPBOX_APPKEY"] = "x";
  CHECK(program.Run({"incremental", "-q"}) == ExitCode::kOk);
  CHECK(program.err ==
        "dbx-es: warning: unknown environment variable DBX_ES_DROPBOX_APPKEY; did you mean "
        "DBX_ES_DROPBOX_APP_KEY?\n");
  CHECK(program.out == "");
}

TEST_CASE("documents on standard output are not mixed with the summary") {
  Harness program;
  program.environment.erase("DBX_ES_ELASTICSEARCH_HOST");
  CHECK(program.Run({"full-sync", "--output", "-"}) == ExitCode::kOk);
  REQUIRE(program.seen.has_value());
  CHECK(program.line.values.Text("--output") == "-");
  CHECK(program.out == "");
  CHECK(program.err == "noted: 0 created, 0 updated, 0 unchanged, 0 deleted in 0.0 s\n");
}

TEST_CASE("help and version go to standard output") {
  Harness program;
  CHECK(program.Run({"--version"}) == ExitCode::kOk);
  CHECK(program.out == "dbx-es " DBXES_VERSION "\n");
  CHECK(program.Run({"full-sync", "--help"}) == ExitCode::kOk);
  CHECK(program.out.starts_with("Usage: dbx-es full-sync"));
  CHECK(program.err == "");
}

TEST_CASE("a summary that could not be written is a failure") {
  Harness program;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, std::vector<std::string>{"incremental", "--json"}}) {
    std::FILE* full = std::fopen("/dev/full", "w");
    REQUIRE(full != nullptr);
    CHECK(program.Run(arguments, full) == ExitCode::kFailed);
    CHECK(program.err.find("dbx-es: cannot write standard output: ") == 0);
    std::fclose(full);
  }
  // What failed already keeps its own exit code.
  program.answer = ExitCode::kLocked;
  std::FILE* full = std::fopen("/dev/full", "w");
  REQUIRE(full != nullptr);
  CHECK(program.Run({"incremental"}, full) == ExitCode::kLocked);
  std::fclose(full);
}

TEST_CASE("a reader that has seen enough ends the output without a word") {
  Harness program;
  std::signal(SIGPIPE, SIG_IGN);  // as main does
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, std::vector<std::string>{"incremental", "--json"}}) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    ::close(ends[0]);
    std::FILE* unread = ::fdopen(ends[1], "w");
    REQUIRE(unread != nullptr);
    CHECK(program.Run(arguments, unread) == ExitCode::kOk);
    CHECK(program.err.find("cannot write") == std::string::npos);
    std::fclose(unread);
  }
}

TEST_CASE("a defect is reported in the requested form") {
  report::Capture out;
  report::Capture err;
  const ProgramContext context{.sources = {},
                               .streams = {out.stream(), err.stream()},
                               .terminal = report::MakeTerminal(false, "", ""),
                               .runners = {}};
  const std::vector<std::string> arguments{"incremental", "--json"};
  CHECK(ReportDefect(arguments, context, "bad_alloc") == ExitCode::kFailed);
  const auto json = ParseJson(out.Text(), "output");
  REQUIRE(json.has_value());
  CHECK(StringMember(*json, "command") == "incremental");
  CHECK(StringMember(*json, "message") == "internal error: bad_alloc");
  CHECK(err.Text() == "dbx-es: internal error: bad_alloc\n");
}

}  // namespace dbxes::cli

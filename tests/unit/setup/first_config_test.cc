// SPDX-License-Identifier: Apache-2.0
#include "setup/first_config.h"

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <vector>

#include "base/json/json.h"
#include "base/os/file_probe.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"
#include "support/memory_file_system.h"

namespace dbxes::setup {
namespace {

constexpr const char* kFile = "/home/u/.config/dbx-es/dbx-es.toml";

class NotedReporter final : public report::Reporter {
 public:
  void Phase(std::string_view) override {}
  void Progress(const report::Counters&, const report::Gauges&) override {}
  void Info(std::string_view) override {}
  void Warn(std::string_view message) override { warnings.emplace_back(message); }
  void Detail(std::string_view) override {}
  void Instruct(std::string_view line) override { asked.emplace_back(line); }
  void Print(std::string_view) override {}
  void Summary(const report::RunSummary&) override {}

  std::vector<std::string> warnings;
  std::vector<std::string> asked;
};

struct SetupWorld {
  SetupWorld() {
    sources.read_file = [this](const std::string& path) { return files.ReadFile(path); };
    sources.file_mode = [](const std::string&) { return std::optional<unsigned>(0600); };
    sources.environment["HOME"] = "/home/u";
    const auto next = [this]() -> Result<std::optional<std::string>> {
      if (answers.empty()) return std::nullopt;
      std::string line = answers.front();
      answers.pop_front();
      return line;
    };
    environment.console.read_line = next;
    environment.console.read_secret = [this, next] {
      ++secrets;
      return next();
    };
    network.Route("https://es.test", [this](const FakeRequest& request) {
      requests.push_back(request);
      return answer;
    });
  }

  Result<config::LoadedConfig> Write(FirstConfigOptions options = {.file = kFile}) {
    return WriteFirstConfig(environment, request, sources, options, reporter);
  }
  std::string Failure(const FirstConfigOptions& options = {.file = kFile}) {
    const auto written = Write(options);
    REQUIRE(!written);
    CHECK(written.error().kind == ErrorKind::kConfig);
    CHECK(files.files().count(kFile) == 0);
    return written.error().message;
  }

  FakeClock clock;
  FakeNetwork network{clock};
  MemoryFileSystem files;
  FileProbe probe;
  NotedReporter reporter;
  Environment environment{.files = files,
                          .scratch = files,
                          .probe = probe,
                          .clock = clock,
                          .http = network,
                          .stop_signal = [] { return 0; }};
  config::LoadRequest request{.needs_refresh_token = false};
  config::ConfigSources sources;
  std::deque<std::string> answers;
  int secrets = 0;  // answers that were hidden
  FakeAnswer answer = FakeAnswer::Json(200, R"({"id":"1","encoded":"made=="})");
  std::vector<FakeRequest> requests;
};

}  // namespace

TEST_CASE("the answers become the configuration, with secrets typed unseen") {
  SetupWorld world;
  world.answers = {"key", "https://es.test", "", "  encoded==  "};
  const auto written = world.Write();
  REQUIRE(written);
  CHECK(world.files.files()[kFile] ==
        "# Made by dbx-es init. dbx-es.toml(5) describes all settings.\n"
        "\n[dropbox]\napp_key = \"key\"\n"
        "\n[elasticsearch]\nhost = \"https://es.test\"\napi_key = \"encoded==\"\n");
  CHECK(written->config.config_file == kFile);
  CHECK(written->config.elasticsearch.index == "search-dropbox");
  CHECK(written->config.dropbox.refresh_token_file.starts_with("/home/u/.local/state/dbx-es/"));
  CHECK(world.secrets == 1);
  CHECK(world.requests.empty());
}

TEST_CASE("what flags and environment give is not asked for; only flags are written") {
  SetupWorld world;
  world.sources.environment["DBX_ES_ELASTICSEARCH_API_KEY"] = "secret";
  world.request.flags = {{config::FindOption("elasticsearch", "host"), "https://es.test"},
                         {config::FindOption("elasticsearch", "index"), "team"},
                         {config::FindOption("dropbox", "path"), "/Team"}};
  const auto written = world.Write({.file = kFile, .app_key = "key"});
  REQUIRE(written);
  CHECK(world.reporter.asked.empty());
  CHECK(world.files.files()[kFile] ==
        "# Made by dbx-es init. dbx-es.toml(5) describes all settings.\n"
        "\n[dropbox]\npath = \"/Team\"\napp_key = \"key\"\n"
        "\n[elasticsearch]\nhost = \"https://es.test\"\nindex = \"team\"\n");
  CHECK(written->config.elasticsearch.api_key.Reveal() == "secret");
}

TEST_CASE("a key is made with the password of a user, who is not written") {
  SetupWorld world;
  world.answers = {"key", "https://es.test", "docs", "", "elastic", "changeme"};
  REQUIRE(world.Write());
  REQUIRE(world.requests.size() == 1);
  CHECK(world.secrets == 2);
  const FakeRequest& request = world.requests.front();
  CHECK(request.method == "POST");
  CHECK(request.target == "/_security/api_key");
  CHECK(request.Header("authorization") == "Basic ZWxhc3RpYzpjaGFuZ2VtZQ==");
  CHECK(request.body ==
        R"({"name":"dbx-es docs","role_descriptors":{"dbx-es":{"cluster":["monitor"],)"
        R"("indices":[{"names":["docs",".search-acl-filter-docs","dbx-es-docs"],"privileges":)"
        R"(["view_index_metadata","read","index","delete","maintenance","create_index","manage"])"
        R"(}]}}})");
  const std::string& text = world.files.files()[kFile];
  CHECK(text.find("api_key = \"made==\"\n") != std::string::npos);
  CHECK(text.find("changeme") == std::string::npos);
  CHECK(text.find("elastic\"") == std::string::npos);
}

TEST_CASE("a cluster without API keys gets user name and password, with a warning") {
  SetupWorld world;
  world.answer =
      FakeAnswer::Json(400, R"({"error":"no handler found for uri [/_security/api_key]"})");
  world.answers = {"key", "https://es.test", "docs", "password"};
  REQUIRE(world.Write({.file = kFile, .username = "admin"}));
  CHECK(world.files.files()[kFile].find("username = \"admin\"\npassword = \"password\"\n") !=
        std::string::npos);
  REQUIRE(world.reporter.warnings.size() == 1);
  CHECK(world.reporter.warnings.front().starts_with("this cluster makes no API keys"));
}

TEST_CASE("nothing is written if the key cannot be made") {
  for (const int status : {401, 403}) {
    CAPTURE(status);
    SetupWorld world;
    world.answer = FakeAnswer::Json(status, R"({"error":{"type":"security_exception"}})");
    world.answers = {"key", "https://es.test", "docs", "password"};
    const auto written = world.Write({.file = kFile, .username = "elastic"});
    REQUIRE(!written);
    CHECK(written.error().message.find("the API key could not be made") != std::string::npos);
    CHECK(world.files.files().empty());
  }
}

TEST_CASE("a password is stored for no answer of another server, and for no certificate") {
  const FakeAnswer answers[] = {FakeAnswer::Broken(FakeAnswer::Transport::kUntrusted),
                                FakeAnswer::Json(404, "<title>Not Found</title>"),
                                FakeAnswer::Json(405, R"({"error":"Method Not Allowed"})"),
                                FakeAnswer::Json(200, "<html>"), FakeAnswer::Json(200, "{}")};
  for (const FakeAnswer& answer : answers) {
    CAPTURE(answer.status);
    SetupWorld world;
    world.answer = answer;
    world.answers = {"key", "https://es.test", "docs", "password"};
    const auto written = world.Write({.file = kFile, .username = "elastic"});
    REQUIRE(!written);
    CHECK(written.error().message.starts_with("the API key could not be made: "));
    CHECK(
        (written.error().message.find("the address of the cluster itself") != std::string::npos) ==
        (answer.status >= 400 && answer.transport == FakeAnswer::Transport::kWhole));
    CHECK(world.files.files().empty());
    CHECK(world.reporter.warnings.empty());
  }
}

TEST_CASE("a wrong answer is asked for again at a terminal, and ends the command elsewhere") {
  SetupWorld world;
  world.environment.console.interactive = true;
  world.answers = {"", "key", "es.test", "https://es.test", "Docs", "docs", "encoded"};
  REQUIRE(world.Write());
  CHECK(world.reporter.warnings.size() == 3);
  CHECK(world.files.files()[kFile].find("index = \"docs\"") != std::string::npos);
  SetupWorld pipe;
  pipe.answers = {"key", "es.test", "https://es.test"};
  CHECK(pipe.Failure().find("elasticsearch.host") != std::string::npos);
}

TEST_CASE("a missing answer names what gives it") {
  SetupWorld world;
  CHECK(world.Failure() == "dropbox.app_key is not given: use --app-key or DBX_ES_DROPBOX_APP_KEY");
  world.answers = {"key", "https://es.test", "docs"};
  CHECK(world.Failure().find("--username") != std::string::npos);
  world.answers = {"key", "https://es.test", "docs", "", "elastic"};
  CHECK(world.Failure() == "no password was given for elastic");
}

TEST_CASE("an existing file is not changed, and a password is not sent in clear") {
  SetupWorld world;
  world.files.files()[kFile] = "mine";
  CHECK(world.Write().error().message.find("already exists") != std::string::npos);
  CHECK(world.files.files()[kFile] == "mine");
  SetupWorld clear;
  clear.answers = {"key", "http://es.test", "docs", "password"};
  CHECK(clear.Failure({.file = kFile, .username = "elastic"}).find("insecure_transport") !=
        std::string::npos);
  CHECK(clear.requests.empty());
}

TEST_CASE("a relative path of a flag is written as an absolute one") {
  SetupWorld world;
  world.files.files()["/here/ca.pem"] = "-----BEGIN CERTIFICATE-----\n";
  world.sources.absolute = [](const std::string& path) {
    return path.starts_with('/') ? path : "/here/" + path;
  };
  world.request.flags = {{config::FindOption("elasticsearch", "ca_certs"), "ca.pem"},
                         {config::FindOption("sync", "state_dir"), "/state"}};
  world.answers = {"key", "https://es.test", "docs", "encoded"};
  REQUIRE(world.Write());
  const std::string& text = world.files.files()[kFile];
  CHECK(text.find("ca_certs = \"/here/ca.pem\"\n") != std::string::npos);
  CHECK(text.find("state_dir = \"/state\"\n") != std::string::npos);
}

TEST_CASE("a problem of an answer or a flag names it, and no line of a file that is not there") {
  SetupWorld world;
  world.sources.environment["DBX_ES_ELASTICSEARCH_CA_FINGERPRINT"] = std::string(64, 'a');
  world.request.flags = {{config::FindOption("elasticsearch", "index"), "docs"}};
  world.answers = {"key", "http://es.test", "encoded"};
  const std::string answer = world.Failure();
  CHECK(answer.find("elasticsearch.host (answer)") != std::string::npos);
  CHECK(answer.find(kFile) == std::string::npos);
}

}  // namespace dbxes::setup

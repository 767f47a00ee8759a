// SPDX-License-Identifier: Apache-2.0
#include "config/kibana_settings.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "world.h"

namespace dbxes::config {
namespace {

constexpr const char* kToken = "[dropbox]\nrefresh_token = \"t\"\napp_key = \"k\"\n";
constexpr const char* kCluster =
    "[elasticsearch]\nhost = \"https://es.example.com:9200\"\napi_key = \"a\"\n"
    "[connector]\nid = \"c1\"\n";

using Field = ConnectorForm::Field;

Field Text(const char* key, const char* label, const char* value) {
  return {key, label, {RawValue::kText, value, ""}};
}

struct KibanaWorld : World {
  KibanaWorld() { files[kUserFile] = std::string(kToken) + kCluster; }

  LoadedConfig Look(AskKibana asks) {
    request.asks_kibana = asks;
    return InspectConfig(request, Answering());
  }
  Result<LoadedConfig> Load() { return LoadConfig(request, Answering()); }
  ConfigSources Answering() {
    ConfigSources sources = Sources();
    sources.read_form = [this](const Config& config) -> Result<ConnectorForm> {
      ++asked;
      asked_with = config.elasticsearch.api_key.Reveal();
      if (!trouble.message.empty()) return Fail(trouble);
      return ConnectorForm{form, Secret("read")};
    };
    return sources;
  }
  LoadedConfig Run() { return Look(AskKibana::kToRun); }
  static std::string OriginOf(const LoadedConfig& loaded, const char* key) {
    return loaded.OriginOf(*FindOption("dropbox", key));
  }

  LoadRequest request;
  std::vector<Field> form;
  Error trouble{ErrorKind::kTemporary, ""};
  int asked = 0;
  std::string asked_with;
};

TEST_CASE("a value of Kibana comes before the default, and after all else") {
  KibanaWorld world;
  world.form = {Text("path", "Path", "Team"), Text("retry_count", "Retries", "7")};
  auto loaded = world.Run();
  CHECK(loaded.problems.empty());
  CHECK(loaded.config.dropbox.paths == FolderList{"/Team"});
  CHECK(loaded.config.dropbox.retry_count == 7);
  CHECK(world.OriginOf(loaded, "path") == "Kibana");
  CHECK(world.OriginOf(loaded, "concurrent_downloads") == "default");
  CHECK(loaded.config.connector.as_read.Reveal() == "read");
  CHECK(world.asked_with == "a");
  CHECK(loaded.config.connector.local.size() == 2);
  world.files[World::kUserFile] += "[sync]\n";
  world.files[World::kUserFile].replace(0, 9, "[dropbox]\npath = \"/File\"");
  loaded = world.Run();
  CHECK(loaded.config.dropbox.paths == FolderList{"/File"});
  CHECK(loaded.config.connector.local.at("path") == World::kUserFile);
  world.environment["DBX_ES_DROPBOX_PATH"] = "/Environment";
  loaded = world.Run();
  CHECK(loaded.config.dropbox.paths == FolderList{"/Environment"});
  CHECK(loaded.config.connector.local.at("path") == "environment DBX_ES_DROPBOX_PATH");
  world.request.flags.push_back({FindOption("dropbox", "path"), "/Flag"});
  CHECK(world.Run().config.dropbox.paths == FolderList{"/Flag"});
}

TEST_CASE(
    "required settings may be in Kibana alone, or missing while somebody may set them there") {
  KibanaWorld world;
  world.files[World::kUserFile] = kCluster;
  world.form = {Text("app_key", "App Key", "from Kibana"),
                Text("refresh_token", "Refresh token", "from Kibana")};
  auto loaded = world.Run();
  CHECK(loaded.problems.empty());
  CHECK(loaded.config.dropbox.app_key == "from Kibana");
  CHECK(loaded.config.dropbox.refresh_token.Reveal() == "from Kibana");
  world.form.clear();
  CHECK(!world.Run().problems.empty());
  world.request.waits_for_kibana = true;
  CHECK(world.Run().problems.empty());
}

TEST_CASE("folders are one a line, as people type them") {
  KibanaWorld world;
  const auto paths = [&](const char* text) {
    world.form = {Text("path", "Dropbox folder", text)};
    return world.Run().config.dropbox.paths;
  };
  CHECK(paths(" /Contracts \r\nfinance\n\n") == FolderList{"/Contracts", "/finance"});
  CHECK(paths("Team") == FolderList{"/Team"});
  CHECK(paths("  \n ") == FolderList{""});
  world.form = {Text("path", "Dropbox folder", " /Contracts\n/contracts/2025 ")};
  CHECK(world.Run().config.connector.problem.find("which contains it") != std::string::npos);
}

TEST_CASE("a value that cannot be used is named by its label") {
  struct Row {
    Field field;
    const char* problem;
  };
  const Row rows[] = {
      {Text("retry_count", "Retries per request", "400"),
       "Kibana, \"Retries per request\": dropbox.retry_count: expected an integer from 0 to 100, "
       "found \"400\""},
      {Text("retry_count", "Retries per request", "2.5"),
       "Kibana, \"Retries per request\": dropbox.retry_count: expected an integer from 0 to 100, "
       "found \"2.5\""},
      {Text("concurrent_downloads", "Downloads", "0"), "Kibana, \"Downloads\": dropbox."},
      {{"path", "Path", {RawValue::kOther, "an object", ""}}, "Kibana, \"Path\": dropbox.path: "},
      {Text("use_document_level_security", "Security", "maybe"),
       "Kibana, \"Security\": dropbox.use_document_level_security: expected true or false"},
      {Text("use_text_extraction_service", "Service", "true"),
       "Kibana, \"Service\": the service needs extraction_service.host"},
  };
  for (const Row& row : rows) {
    KibanaWorld world;
    world.form = {row.field, Text("include_inherited_users_and_groups", "Groups", "false")};
    CAPTURE(row.problem);
    auto loaded = world.Run();
    CHECK(loaded.problems.empty());
    CAPTURE(loaded.config.connector.problem);
    CHECK(loaded.config.connector.problem.starts_with(row.problem));
    CHECK(!loaded.config.dropbox.include_inherited_users_and_groups);
    CHECK(loaded.config.extraction.mode == ExtractionMode::kLocal);
    loaded = world.Look(AskKibana::kToShow);
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems.front().message.starts_with(row.problem));
    CHECK(!loaded.Holds("dropbox", row.field.key));
  }
  // A secret is not shown.
  KibanaWorld world;
  world.files[World::kUserFile] = kCluster;
  world.form = {Text("refresh_token", "Refresh token", "a\nb"), Text("app_key", "App Key", "k")};
  CHECK(world.Run().config.connector.problem.find("a\nb") == std::string::npos);
}

TEST_CASE("only settings of the form can be set in Kibana") {
  KibanaWorld world;
  world.form = {Text("api_url", "API", "https://evil.example.com"),
                Text("refresh_token_command", "Command", "rm -r /"), Text("nonsense", "?", "x")};
  const auto loaded = world.Run();
  CHECK(loaded.config.dropbox.api_url == "https://api.dropboxapi.com");
  CHECK(loaded.commands.empty());
  CHECK(loaded.config.connector.problem.empty());
}

TEST_CASE("the mode of extraction decides about the switch of the service") {
  KibanaWorld world;
  world.files[World::kUserFile] += "[extraction]\nmode = \"off\"\n";
  world.form = {Text("use_text_extraction_service", "Service", "true")};
  auto loaded = world.Run();
  CHECK(loaded.problems.empty());
  CHECK(loaded.config.extraction.mode == ExtractionMode::kOff);
  CHECK(loaded.config.connector.local.contains("use_text_extraction_service"));
  world.files[World::kUserFile] = std::string(kToken) + kCluster +
                                  "[extraction_service]\nhost = \"https://tika.example.com\"\n";
  loaded = world.Run();
  CHECK(loaded.problems.empty());
  CHECK(loaded.config.extraction.mode == ExtractionMode::kService);
}

TEST_CASE(
    "nobody is asked without a connector, for other commands, or with a wrong configuration") {
  KibanaWorld world;
  world.form = {Text("path", "Path", "/Team")};
  SUBCASE("another command") { world.Look(AskKibana::kNo); }
  SUBCASE("a run that writes a file") {
    world.request.needs_elasticsearch = false;
    world.Run();
  }
  SUBCASE("no connector") {
    world.files[World::kUserFile] = World::kComplete;
    world.Run();
  }
  SUBCASE("a secret over plain HTTP") {
    world.environment["DBX_ES_ELASTICSEARCH_HOST"] = "http://es.example.com:9200";
    CHECK(!world.Run().problems.empty());
  }
  SUBCASE("a credential that is not known to a command that runs no commands") {
    world.files[World::kUserFile] =
        "[elasticsearch]\nhost = \"https://es.example.com\"\napi_key_command = \"print\"\n"
        "[connector]\nid = \"c1\"\n";
    world.request.for_a_run = false;
    const auto loaded = world.Look(AskKibana::kToShow);
    CHECK(loaded.config.connector.unread == "elasticsearch.api_key_command is not run here");
  }
  CHECK(world.asked == 0);
}

TEST_CASE("what may be in a connector that cannot be read is not missing, but ends the command") {
  KibanaWorld world;
  world.files[World::kUserFile] = kCluster;
  world.trouble.message = "the cluster is down";
  auto problems = world.Run().problems;
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().Text() == "the settings in Kibana cannot be read: the cluster is down");
  CHECK(problems.front().kind == ErrorKind::kTemporary);
  const auto loaded = world.Load();
  REQUIRE(!loaded);
  CHECK(loaded.error().kind == ErrorKind::kTemporary);
  // Another error is for the user to correct.
  world.files[World::kUserFile] += "[dropbox]\nretry_count = 400\n";
  CHECK(world.Load().error().kind == ErrorKind::kConfig);
  CHECK(world.Load().error().message.find("app_key") == std::string::npos);
  // It waits, and says so in Kibana as soon as it can.
  world.files[World::kUserFile] = kCluster;
  world.request.waits_for_kibana = true;
  CHECK(world.Run().problems.empty());
}

TEST_CASE("a command that shows something does not show it without the settings in Kibana") {
  KibanaWorld world;
  world.trouble = {ErrorKind::kPermission, "the credential may not read it"};
  CHECK(world.Run().problems.empty());
  const auto problems = world.Look(AskKibana::kToShow).problems;
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().kind == ErrorKind::kPermission);
  CHECK(problems.front().message ==
        "the settings in Kibana cannot be read: the credential may not read it");
  // `config show` has a warning of its own.
  world.request.for_a_run = false;
  CHECK(world.Look(AskKibana::kToShow).problems.empty());
}

TEST_CASE("a refresh token that is in Kibana alone is in no file") {
  KibanaWorld world;
  world.form = {Text("refresh_token", "Refresh token", "from Kibana")};
  CHECK_FALSE(world.Run().config.dropbox.refresh_token_in_no_file);
  world.files[World::kUserFile] = std::string("[dropbox]\napp_key = \"k\"\n") + kCluster;
  CHECK(world.Run().config.dropbox.refresh_token_in_no_file);
}

TEST_CASE("a connector that cannot be read is noted where its values could matter") {
  KibanaWorld world;
  world.trouble.message = "the cluster is down";
  auto loaded = world.Run();
  CHECK(loaded.problems.empty());
  CHECK(loaded.config.connector.unread == "the cluster is down");
  CHECK(loaded.config.connector.as_read.empty());
  world.files[World::kUserFile] =
      "[dropbox]\napp_key = \"k\"\napp_secret = \"s\"\nrefresh_token = \"t\"\npath = \"/\"\n"
      "retry_count = 3\nconcurrent_downloads = 9\nuse_text_extraction_service = false\n"
      "use_document_level_security = false\ninclude_inherited_users_and_groups = true\n" +
      std::string(kCluster);
  loaded = world.Run();
  CHECK(world.asked == 2);
  CHECK(loaded.config.connector.unread.empty());
}

}  // namespace
}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
#include "config/config_loader.h"

#include <doctest/doctest.h>

#include "world.h"

namespace dbxes::config {
namespace {

constexpr const char* kState = "/home/u/.local/state/dbx-es";

std::string OriginOf(const LoadedConfig& loaded, const char* section, const char* key) {
  const OptionRow* row = FindOption(section, key);
  return loaded.origins[static_cast<std::size_t>(row - OptionTable().data())];
}

FlagSetting Flag(const char* section, const char* key, const char* text) {
  return {FindOption(section, key), text};
}

}  // namespace

TEST_CASE("a minimal file is enough, and defaults fill the rest") {
  World world;
  world.files[World::kUserFile] = World::kComplete;
  const auto loaded = world.Load();
  REQUIRE(loaded.has_value());
  CHECK(loaded->warnings.empty());
  const Config& config = loaded->config;
  CHECK(config.config_file == World::kUserFile);
  CHECK(config.dropbox.app_key == "k");
  CHECK(config.dropbox.refresh_token.Reveal() == "t");
  CHECK(config.dropbox.paths == FolderList{""});
  CHECK(config.dropbox.api_url == "https://api.dropboxapi.com");
  CHECK(config.dropbox.content_url == "https://content.dropboxapi.com");
  CHECK(config.dropbox.web_url == "https://www.dropbox.com");
  CHECK(config.elasticsearch.host == "https://es.example.com:9200");
  CHECK(config.elasticsearch.index == "search-dropbox");
  CHECK(config.elasticsearch.pipeline == "");
  CHECK(config.state_dir == "/home/u/.local/state/dbx-es");
}

TEST_CASE("flags win over the environment, the environment over the file, the file over defaults") {
  World world;
  world.files[World::kUserFile] = std::string(World::kComplete) + "index = \"from-file\"\n";
  LoadRequest request;
  const auto index = [&] {
    const auto loaded = world.Load(request);
    REQUIRE(loaded.has_value());
    return loaded->config.elasticsearch.index + " (" + OriginOf(*loaded, "elasticsearch", "index") +
           ")";
  };
  CHECK(index() == std::string("from-file (") + World::kUserFile + ":7)");
  world.environment["DBX_ES_ELASTICSEARCH_INDEX"] = "from-environment";
  CHECK(index() == "from-environment (environment DBX_ES_ELASTICSEARCH_INDEX)");
  request.flags.push_back(Flag("elasticsearch", "index", "from-flag"));
  CHECK(index() == "from-flag (flag --index)");
  world.environment["DBX_ES_ELASTICSEARCH_INDEX"] = "";
  request.flags.clear();
  CHECK(index() == std::string("from-file (") + World::kUserFile + ":7)");
  world.files[World::kUserFile] = World::kComplete;
  CHECK(index() == "search-dropbox (default)");
}

TEST_CASE("the file is searched for the user first, then for the machine") {
  World world;
  world.files[World::kSystemFile] = World::kComplete;
  CHECK(world.Load()->config.config_file == World::kSystemFile);
  world.files[World::kUserFile] = World::kComplete;
  CHECK(world.Load()->config.config_file == World::kUserFile);
  LoadRequest request;
  request.config_file = "/elsewhere.toml";
  CHECK(world.Problems(request) == "configuration file: cannot open /elsewhere.toml");
  world.files["/elsewhere.toml"] = World::kComplete;
  CHECK(world.Load(request)->config.config_file == "/elsewhere.toml");
}

TEST_CASE("a file that is there but cannot be read is an error, not a reason to look further") {
  World world;
  world.files[World::kUserFile] = World::kUnreadable;
  world.files[World::kSystemFile] = World::kComplete;
  CHECK(world.Problems() == std::string("configuration file: denied ") + World::kUserFile);
}

TEST_CASE("no file at all is fine when the environment says everything") {
  World world;
  world.environment["DBX_ES_DROPBOX_APP_KEY"] = "k";
  world.environment["DBX_ES_DROPBOX_REFRESH_TOKEN"] = "t";
  world.environment["DBX_ES_ELASTICSEARCH_HOST"] = "http://localhost:9200";
  const auto loaded = world.Load();
  REQUIRE(loaded.has_value());
  CHECK(loaded->config.config_file.empty());
}

TEST_CASE("without any setting, the message is the three steps of a first start") {
  CHECK(World().Problems() ==
        "dbx-es is not set up yet.\n"
        "  dbx-es init asks for what is needed; or by hand:\n"
        "  1. write /home/u/.config/dbx-es/dbx-es.toml\n"
        "     with [dropbox] app_key, [elasticsearch] host and api_key (man dbx-es.toml)\n"
        "  2. dbx-es auth\n"
        "  3. dbx-es check");
  LoadRequest auth;
  auth.needs_elasticsearch = false;
  auth.needs_refresh_token = false;
  CHECK(World().Problems(auth).find("with [dropbox] app_key (man") != std::string::npos);
  World container;
  container.environment["DBX_ES_DROPBOX_APP_KEY"] = "k";
  CHECK(container.Problems().starts_with("required settings missing: elasticsearch.host; write"));
}

TEST_CASE("a missing refresh token is missing in the file of the configuration") {
  World world;
  world.files[World::kUserFile] =
      "[dropbox]\napp_key = \"k\"\n[elasticsearch]\nhost = \"http://localhost:9200\"\n";
  const std::string advice =
      "; if this configuration was renamed or moved, rename the token file of its old path instead";
  CHECK(world.Problems() == "no refresh token in " +
                                DefaultRefreshTokenFile(kState, World::kUserFile) +
                                "; run dbx-es auth" + advice);
  world.files["/f.toml"] = world.files[World::kUserFile];
  LoadRequest request;
  request.config_file = "/f.toml";
  CHECK(world.Problems(request) == "no refresh token in " +
                                       DefaultRefreshTokenFile(kState, "/f.toml") +
                                       "; run dbx-es auth -c /f.toml" + advice);
}

TEST_CASE("a file with gaps is named together with what is missing") {
  World world;
  world.files[World::kUserFile] = "[dropbox]\napp_key = \"k\"\n";
  CHECK(
      world.Problems() ==
      std::string("required settings missing: elasticsearch.host; write them in ") +
          World::kUserFile +
          " (example: /usr/share/doc/dbx-es/examples/dbx-es.toml), or set "
          "DBX_ES_ELASTICSEARCH_HOST\n"
          "no refresh token in " +
          DefaultRefreshTokenFile(kState, World::kUserFile) +
          "; run dbx-es auth; if this configuration was renamed or moved, rename the token file of "
          "its old path instead");
}

TEST_CASE("every problem is reported in one pass, each with its origin") {
  World world;
  world.files["/f.toml"] =
      "[dropbox]\napp_key = \"k\"\npath = \"x\"\nretry_count = \"3\"\n[sync]\nwhatever = 1\n";
  world.environment["DBX_ES_ELASTICSEARCH_BULK_MAX_ACTIONS"] = "many";
  LoadRequest request;
  request.config_file = "/f.toml";
  request.flags = {Flag("sync", "max_delete", "20%")};
  CHECK(world.Problems(request) ==
        "/f.toml:6: unknown setting \"sync.whatever\"\n"
        "/f.toml:3: dropbox.path: expected a path that starts with a slash, such as "
        "\"/Team/Reports\", or \"/\" for everything, found the string \"x\"\n"
        "/f.toml:4: dropbox.retry_count: expected an integer from 0 to 100, found the string "
        "\"3\"\n"
        "environment DBX_ES_ELASTICSEARCH_BULK_MAX_ACTIONS: elasticsearch.bulk_max_actions: "
        "expected an integer from 1 to 1000000, found \"many\"\n"
        "flag --max-delete: sync.max_delete: expected a number of documents, \"auto\" or "
        "\"unlimited\", found \"20%\"\n"
        "required settings missing: elasticsearch.host; write them in /f.toml (example: "
        "/usr/share/doc/dbx-es/examples/dbx-es.toml), or set DBX_ES_ELASTICSEARCH_HOST\n"
        "no refresh token in " +
            DefaultRefreshTokenFile(kState, "/f.toml") +
            "; run dbx-es auth -c /f.toml; if this configuration was renamed or moved, rename the "
            "token file of its old path instead");
}

TEST_CASE("a wrong value is reported even where another source overrides it") {
  World world;
  world.files[World::kUserFile] = std::string(World::kComplete) + "index = \"Wrong\"\n";
  world.environment["DBX_ES_ELASTICSEARCH_INDEX"] = "right";
  CHECK(world.Problems().find(":7: elasticsearch.index: ") != std::string::npos);
}

TEST_CASE("syntax errors name line and column") {
  World world;
  world.files[World::kUserFile] = "[dropbox\n";
  CHECK(world.Problems().starts_with(std::string(World::kUserFile) + ":1:9: "));
}

TEST_CASE("a file with secrets that others may read gives a warning") {
  World world;
  world.files[World::kUserFile] = World::kComplete;
  world.mode = 0644;
  auto loaded = world.Load();
  REQUIRE(loaded.has_value());
  REQUIRE(loaded->warnings.size() == 1);
  CHECK(
      loaded->warnings[0] ==
      std::string(World::kUserFile) +
          " contains secrets, but other users can read or change it (mode 0644); run: chmod 600 " +
          World::kUserFile);
  world.mode = 0660;
  CHECK(world.Load()->warnings.size() == 1);
  // A service account reads a file that root owns through its group.
  world.mode = 0640;
  CHECK(world.Load()->warnings.empty());
  world.mode = 0644;
  // Without secrets in it the file may be public.
  world.files[World::kUserFile] = "[elasticsearch]\nhost = \"http://localhost:9200\"\n";
  world.environment["DBX_ES_DROPBOX_APP_KEY"] = "k";
  world.environment["DBX_ES_DROPBOX_REFRESH_TOKEN"] = "t";
  loaded = world.Load();
  REQUIRE(loaded.has_value());
  CHECK(loaded->warnings.empty());
}

TEST_CASE("a misspelled environment variable gives a warning, a foreign one does not") {
  World world;
  world.files[World::kUserFile] = World::kComplete;
  world.environment["DBX_ES_ELASTICSEARCH_APIKEY"] = "x";
  world.environment["DBX_ES_SERVICE_HOST"] = "10.0.0.1";
  const auto loaded = world.Load();
  REQUIRE(loaded.has_value());
  REQUIRE(loaded->warnings.size() == 1);
  CHECK(loaded->warnings[0] ==
        "unknown environment variable DBX_ES_ELASTICSEARCH_APIKEY; did you mean "
        "DBX_ES_ELASTICSEARCH_API_KEY?");
}

TEST_CASE("a variable of a section that is no setting gives a warning") {
  const auto warnings = [](const std::string& name, const std::string& value) {
    World world;
    world.files[World::kUserFile] = World::kComplete;
    world.environment[name] = value;
    const auto loaded = world.Load();
    REQUIRE(loaded.has_value());
    return loaded->warnings;
  };
  using List = std::vector<std::string>;
  CHECK(warnings("DBX_ES_REPORT_TRACE", "/t") ==
        List{"unknown environment variable DBX_ES_REPORT_TRACE; did you mean DBX_ES_TRACE?"});
  CHECK(warnings("DBX_ES_ELASTICSEARCH_CREDENTIAL", "x") ==
        List{"unknown environment variable DBX_ES_ELASTICSEARCH_CREDENTIAL is ignored"});
  CHECK(warnings("DBX_ES_ELASTICSEARCH_PORT", "9200").size() == 1);
  // Unset, as container files write it.
  CHECK(warnings("DBX_ES_REPORT_TRACE", "").empty());
  // Of no section, or of a service that happens to have the name of one.
  const std::pair<const char*, const char*> foreign[] = {
      {"DBX_ES_VERSION", "1"},
      {"DBX_ES_TEST_ENGINE", "opensearch"},
      {"DBX_ES_FAULT_SEED", "1"},
      {"DBX_ES_REPORT_SERVICE_HOST", "10.0.0.1"},
      {"DBX_ES_REPORT_SERVICE_PORT", "80"},
      {"DBX_ES_REPORT_SERVICE_PORT_HTTP", "80"},
      {"DBX_ES_REPORT_PORT", "tcp://10.0.0.1:80"},
      {"DBX_ES_REPORT_PORT_80_TCP_ADDR", "10.0.0.1"},
      {"OTHER_DROPBOX_PATH", "/x"}};
  for (const auto& one : foreign) {
    CAPTURE(one.first);
    CHECK(warnings(one.first, one.second).empty());
  }
}

TEST_CASE("a relative STATE_DIRECTORY is named as such") {
  World world;
  world.files[World::kUserFile] = World::kComplete;
  world.environment["STATE_DIRECTORY"] = "rel";
  const auto loaded = world.Load();
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().message ==
        "environment STATE_DIRECTORY: sync.state_dir: expected the absolute path of a folder, "
        "found \"rel\"");
}

TEST_CASE("a command that contacts nobody may report contradictions, and nothing missing") {
  const auto problems = [](const std::string& settings) {
    World world;
    world.files[World::kUserFile] = settings;
    const LoadRequest request{.for_a_run = false, .reports_contradictions = true};
    return TextOf(InspectConfig(request, world.Sources()).problems);
  };
  CHECK(problems("") == "");
  CHECK(problems("[elasticsearch]\nhost = \"https://e.test\"\n") == "");
  CHECK(problems("[elasticsearch]\nhost = \"https://e.test\"\nusername = \"u\"\n")
            .find("is given without elasticsearch.password") != std::string::npos);
  CHECK(problems("[elasticsearch]\napi_key = \"k\"\nusername = \"u\"\npassword = \"p\"\n")
            .find("exclude each other") != std::string::npos);
  CHECK(problems("[extraction]\nmode = \"service\"\n").find("needs extraction_service.host") !=
        std::string::npos);
}

TEST_CASE("extraction by pipeline has a pipeline by default, and by nothing else") {
  const auto pipeline = [](const std::string& more) {
    World world;
    world.files[World::kUserFile] = std::string(World::kComplete) + more;
    const auto loaded = world.Load();
    REQUIRE_MESSAGE(loaded, loaded.error().message);
    return loaded->config.elasticsearch.pipeline;
  };
  CHECK(pipeline("") == "");
  CHECK(pipeline("pipeline = \"mine\"\n") == "mine");
  CHECK(pipeline("[extraction]\nmode = \"pipeline\"\n") == "search-default-ingestion");
  CHECK(pipeline("pipeline = \"mine\"\n[extraction]\nmode = \"pipeline\"\n") == "mine");
}

TEST_CASE("the switch of Elastic's connector means the mode service") {
  World world;
  world.files[World::kUserFile] =
      std::string(World::kComplete) + "[extraction_service]\nhost = \"https://t:9998\"\n";
  world.environment["DBX_ES_DROPBOX_USE_TEXT_EXTRACTION_SERVICE"] = "true";
  const auto loaded = world.Load();
  REQUIRE_MESSAGE(loaded, loaded.error().message);
  CHECK(loaded->config.extraction.mode == ExtractionMode::kService);
  CHECK(OriginOf(*loaded, "extraction", "mode") ==
        "environment DBX_ES_DROPBOX_USE_TEXT_EXTRACTION_SERVICE");
  world.environment["DBX_ES_EXTRACTION_MODE"] = "service";
  CHECK(world.Problems() == "no problem");
  world.environment["DBX_ES_EXTRACTION_MODE"] = "local";
  CHECK(world.Problems() ==
        "dropbox.use_text_extraction_service (environment "
        "DBX_ES_DROPBOX_USE_TEXT_EXTRACTION_SERVICE) and extraction.mode = \"local\" (environment "
        "DBX_ES_EXTRACTION_MODE) exclude each other; remove one");
}

TEST_CASE("a secret may be in a file of its own") {
  World world;
  world.files[World::kUserFile] =
      "[dropbox]\napp_key = \"k\"\napp_secret_file = \"/run/secret\"\n"
      "refresh_token_file = \"/run/token\"\n"
      "[elasticsearch]\nhost = \"https://es.example.com\"\napi_key_file = \"/run/key\"\n";
  world.files["/run/secret"] = "s";
  world.files["/run/token"] = "t\n";
  world.files["/run/key"] = "a\r\n";
  const auto loaded = world.Load();
  REQUIRE(loaded.has_value());
  CHECK(loaded->config.dropbox.app_secret.Reveal() == "s");
  CHECK(loaded->config.dropbox.refresh_token.Reveal() == "t");
  CHECK(loaded->config.elasticsearch.api_key.Reveal() == "a");
  CHECK(OriginOf(*loaded, "dropbox", "refresh_token") == "/run/token");
  CHECK(loaded->warnings.empty());

  world.mode = 0644;
  CHECK(world.Load()->warnings.size() == 3);
  world.mode = 0600;
  world.files["/run/token"] = "two\nlines\n";
  CHECK(world.Problems() ==
        "/run/token: dropbox.refresh_token: expected a string on one line, found something else");
  world.files["/run/token"] = "\n";
  CHECK(world.Problems() == "/run/token: dropbox.refresh_token is empty");
  world.files.erase("/run/token");
  CHECK(
      world.Problems().find("dbx-es.toml:4: dropbox.refresh_token_file: cannot open /run/token") !=
      std::string::npos);
  world.environment["DBX_ES_DROPBOX_REFRESH_TOKEN"] = "e";
  CHECK(world.Problems() ==
        "dropbox.refresh_token (environment DBX_ES_DROPBOX_REFRESH_TOKEN) and "
        "dropbox.refresh_token_file (/home/u/.config/dbx-es/dbx-es.toml:4) exclude each other; "
        "remove one");
}

TEST_CASE("the token of auth is found by itself, unless a setting holds one") {
  World world;
  const std::string stored = DefaultRefreshTokenFile(kState, World::kUserFile);
  const std::string without =
      "[dropbox]\napp_key = \"k\"\n[elasticsearch]\nhost = \"http://localhost:9200\"\n";
  world.files[World::kUserFile] = without;
  CHECK(world.Problems().find("; run dbx-es auth") != std::string::npos);
  world.files[stored] = "stored\n";
  auto loaded = world.Load();
  REQUIRE(loaded.has_value());
  CHECK(loaded->config.dropbox.refresh_token_file == stored);
  CHECK(loaded->config.dropbox.refresh_token.Reveal() == "stored");

  // Each configuration has a Dropbox of its own.
  world.files["/etc/team.toml"] = without;
  CHECK(world.Problems({.config_file = "/etc/team.toml"})
            .find(".refresh_token; run dbx-es auth -c /etc") != std::string::npos);
  world.files[DefaultRefreshTokenFile("/elsewhere", "/etc/team.toml")] = "team";
  loaded = world.Load(
      {.config_file = "/etc/team.toml", .flags = {Flag("sync", "state_dir", "/elsewhere")}});
  REQUIRE(loaded.has_value());
  CHECK(loaded->config.dropbox.refresh_token.Reveal() == "team");

  world.files[World::kUserFile] = World::kComplete;
  CHECK(world.Load()->config.dropbox.refresh_token.Reveal() == "t");
}

TEST_CASE("auth needs no token, and reads none that it will replace") {
  World world;
  world.files[World::kUserFile] = "[dropbox]\napp_key = \"k\"\nrefresh_token_file = \"/t\"\n";
  const LoadRequest request{.needs_elasticsearch = false, .needs_refresh_token = false};
  auto loaded = world.Load(request);
  REQUIRE(loaded.has_value());
  CHECK(loaded->config.dropbox.refresh_token_file == "/t");
  world.files["/t"] = World::kUnreadable;
  loaded = world.Load(request);
  REQUIRE(loaded.has_value());
  CHECK(loaded->config.dropbox.refresh_token.empty());
  world.files[World::kUserFile] = "[dropbox]\napp_key = \"k\"\nrefresh_token = \"\"\n";
  CHECK(world.Load(request).has_value());
}

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
#include "config/config_secrets.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "world.h"

namespace dbxes::config {
namespace {

constexpr const char* kWithoutSecrets =
    "[dropbox]\napp_key = \"k\"\n[elasticsearch]\nhost = \"https://es.example.com\"\n";

World WithCommand(const std::string& command) {
  World world;
  world.files[World::kUserFile] = std::string(kWithoutSecrets) + "api_key_command = " + command +
                                  "\n[sync]\nstate_dir = \"/s\"\n";
  world.environment["DBX_ES_DROPBOX_REFRESH_TOKEN"] = "t";
  return world;
}

}  // namespace

TEST_CASE("a secret may come from a command") {
  World world = WithCommand("[\"pass\", \"show\", \"a b\"]");
  world.printed = "from-pass\n";
  const auto loaded = world.Load();
  REQUIRE(loaded);
  CHECK(loaded->config.elasticsearch.api_key.Reveal() == "from-pass");
  CHECK(world.commands == std::vector<std::vector<std::string>>{{"pass", "show", "a b"}});
  CHECK(loaded->OriginOf(*FindOption("elasticsearch", "api_key")) ==
        std::string("command of ") + World::kUserFile + ":5");
  // A string, and so the environment, is a line for a shell.
  World shell;
  shell.files[World::kUserFile] = kWithoutSecrets;
  shell.environment["DBX_ES_DROPBOX_REFRESH_TOKEN_COMMAND"] = "cat $HOME/token | head -1";
  shell.environment["DBX_ES_ELASTICSEARCH_API_KEY"] = "a";
  shell.printed = "t";
  REQUIRE(shell.Load());
  CHECK(shell.Load()->config.dropbox.refresh_token.Reveal() == "t");
  CHECK(shell.commands.front() ==
        std::vector<std::string>{"/bin/sh", "-c", "cat $HOME/token | head -1"});
}

TEST_CASE("a refresh token that is in no file is noted, and each configuration has its own token") {
  World world;
  world.files[World::kUserFile] = kWithoutSecrets;
  world.environment["DBX_ES_ELASTICSEARCH_API_KEY"] = "a";
  const auto in_no_file = [&world] {
    const auto loaded = world.Load();
    REQUIRE(loaded);
    CHECK(loaded->config.dropbox.access_token_file ==
          AccessTokenFile("/home/u/.local/state/dbx-es", World::kUserFile));
    return loaded->config.dropbox.refresh_token_in_no_file;
  };
  world.environment["DBX_ES_DROPBOX_REFRESH_TOKEN_COMMAND"] = "pass show token";
  world.printed = "t";
  CHECK(in_no_file());
  world.environment.erase("DBX_ES_DROPBOX_REFRESH_TOKEN_COMMAND");
  world.environment["CREDENTIALS_DIRECTORY"] = "/run/credentials";
  world.files["/run/credentials/dropbox.refresh_token"] = "t";
  CHECK(in_no_file());
  world.environment.erase("CREDENTIALS_DIRECTORY");
  world.environment["DBX_ES_DROPBOX_REFRESH_TOKEN"] = "t";
  CHECK_FALSE(in_no_file());
  world.environment.erase("DBX_ES_DROPBOX_REFRESH_TOKEN");
  world.files[DefaultRefreshTokenFile("/home/u/.local/state/dbx-es", World::kUserFile)] = "t";
  CHECK_FALSE(in_no_file());
}

TEST_CASE("a command that fails or prints nothing is a problem with its place") {
  World world = WithCommand("[\"pass\"]");
  world.printed = Fail(ErrorKind::kConfig, "'pass' ended with exit status 1");
  CHECK(world.Problems() ==
        std::string(World::kUserFile) +
            ":5: elasticsearch.api_key_command: 'pass' ended with exit status 1");
  world.printed = "\n";
  CHECK(world.Problems().find("it printed nothing") != std::string::npos);
  // What it printed is no good as a secret, and does not show.
  world.printed = "topsecret\nmore\n";
  CHECK(world.Problems().find("expected a string on one line") != std::string::npos);
  CHECK(world.Problems().find("topsecret") == std::string::npos);
}

TEST_CASE("a command is a list of words or one line, and nothing else") {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "expected a list of words"},
      {"[]", ", found an empty list"},
      {"[1]", ", found a list whose element 1 is a number"},
      {"5", "expected a list of words"},
      {"\"\"", "expected a list of words"},
      {"[\"\"]", "the first word of the list is empty"},
      {"[\"a\", \"\"]", "the last word of the list is empty"},
      {"[\"a\\u0000b\"]", "a word has a character that no command can hold"}};
  for (const auto& one : cases) {
    CAPTURE(one.first);
    World world = WithCommand(one.first);
    CHECK(world.Problems().find("elasticsearch.api_key_command: ") != std::string::npos);
    CHECK(world.Problems().find(one.second) != std::string::npos);
    CHECK(world.commands.empty());
  }
}

TEST_CASE("a secret is not given twice") {
  World world = WithCommand("[\"pass\"]");
  world.environment["DBX_ES_ELASTICSEARCH_API_KEY"] = "a";
  CHECK(world.Problems() == std::string("elasticsearch.api_key (environment "
                                        "DBX_ES_ELASTICSEARCH_API_KEY) and "
                                        "elasticsearch.api_key_command (") +
                                World::kUserFile + ":5) exclude each other; remove one");
  CHECK(world.commands.empty());
  World both = WithCommand("[\"pass\"]");
  both.environment["DBX_ES_ELASTICSEARCH_API_KEY_FILE"] = "/key";
  both.files["/key"] = "k";
  CHECK(both.Problems().find("exclude each other") != std::string::npos);
}

TEST_CASE("commands run for runs alone, and only where their secret is needed") {
  World world = WithCommand("[\"pass\"]");
  const LoadedConfig shown = InspectConfig({.for_a_run = false}, world.Sources());
  CHECK(shown.problems.empty());
  CHECK(world.commands.empty());
  CHECK(shown.OriginOf(*FindOption("elasticsearch", "api_key")) ==
        std::string("command of ") + World::kUserFile + ":5");
  CHECK_FALSE(shown.Holds("elasticsearch", "api_key"));
  CHECK(shown.config.elasticsearch.command_not_run == "elasticsearch.api_key_command");
  World run = WithCommand("[\"pass\"]");
  CHECK(InspectConfig({}, run.Sources()).config.elasticsearch.command_not_run.empty());

  // Not for a state in a folder, nor for a connector that the command does not read.
  world.files[World::kUserFile] += "[connector]\nid = \"c1\"\n";
  LoadRequest reads{.for_a_run = false, .reads_state = true};
  CHECK(InspectConfig(reads, world.Sources()).problems.empty());
  CHECK(world.commands.empty());
  reads.asks_kibana = AskKibana::kToRun;
  InspectConfig(reads, world.Sources());
  CHECK(world.commands.size() == 1);

  World auth;
  auth.files[World::kUserFile] = "[dropbox]\napp_key = \"k\"\nrefresh_token_command = \"false\"\n";
  REQUIRE(auth.Load({.needs_elasticsearch = false, .needs_refresh_token = false}));
  CHECK(auth.commands.empty());
}

TEST_CASE("credentials of systemd are found by themselves") {
  World world;
  world.files[World::kUserFile] = kWithoutSecrets;
  world.environment["CREDENTIALS_DIRECTORY"] = "/run/credentials/dbx-es.service";
  world.files["/run/credentials/dbx-es.service/dropbox.refresh_token"] = "t\n";
  world.files["/run/credentials/dbx-es.service/elasticsearch.api_key"] = "a";
  // systemd's own files have a mode of their own.
  world.mode = 0444;
  const auto loaded = world.Load();
  REQUIRE(loaded);
  CHECK(loaded->config.dropbox.refresh_token.Reveal() == "t");
  CHECK(loaded->config.elasticsearch.api_key.Reveal() == "a");
  CHECK(loaded->config.dropbox.app_secret.empty());
  CHECK(loaded->warnings.empty());
  // What is given on purpose wins; the file of auth does not.
  world.environment["DBX_ES_ELASTICSEARCH_API_KEY"] = "other";
  world.files[DefaultRefreshTokenFile("/home/u/.local/state/dbx-es", World::kUserFile)] = "old";
  REQUIRE(world.Load());
  CHECK(world.Load()->config.elasticsearch.api_key.Reveal() == "other");
  CHECK(world.Load()->config.dropbox.refresh_token.Reveal() == "t");
  world.files["/run/credentials/dbx-es.service/dropbox.refresh_token"] = World::kUnreadable;
  CHECK(world.Problems().find("systemd credential: denied") != std::string::npos);
}

TEST_CASE("a token that is used instead of the one of auth is known with its origin") {
  const LoadRequest auth{.needs_elasticsearch = false, .needs_refresh_token = false};
  const auto override_of = [&](const World& world, const LoadRequest& request) {
    const auto loaded = world.Load(request);
    return loaded ? loaded->config.dropbox.refresh_token_override : loaded.error().message;
  };
  World world;
  world.files[World::kUserFile] = kWithoutSecrets;
  world.environment["DBX_ES_ELASTICSEARCH_API_KEY"] = "a";
  CHECK(override_of(world, auth) == "");
  world.files[DefaultRefreshTokenFile("/home/u/.local/state/dbx-es", World::kUserFile)] = "mine";
  CHECK(override_of(world, auth) == "");
  CHECK(override_of(world, {}) == "");

  World variable = world;
  variable.environment["DBX_ES_DROPBOX_REFRESH_TOKEN"] = "t";
  World file = world;
  file.files[World::kUserFile] = "[dropbox]\napp_key = \"k\"\nrefresh_token = \"t\"\n" +
                                 std::string(kWithoutSecrets).substr(24);
  World command = world;
  command.environment["DBX_ES_DROPBOX_REFRESH_TOKEN_COMMAND"] = "pass show token";
  command.printed = "t";
  World credential = world;
  credential.environment["CREDENTIALS_DIRECTORY"] = "/run/c";
  credential.files["/run/c/dropbox.refresh_token"] = "t";
  for (const LoadRequest& request : {auth, LoadRequest{}}) {
    CHECK(override_of(variable, request) == "environment DBX_ES_DROPBOX_REFRESH_TOKEN");
    CHECK(override_of(file, request) == std::string(World::kUserFile) + ":3");
    CHECK(override_of(command, request) ==
          "command of environment DBX_ES_DROPBOX_REFRESH_TOKEN_COMMAND");
    CHECK(override_of(credential, request) == "credential /run/c/dropbox.refresh_token");
  }
  CHECK(command.commands.size() == 1);  // of the run; auth runs none

  // A file that is named is written by auth, and comes before a credential.
  credential.environment["DBX_ES_DROPBOX_REFRESH_TOKEN_FILE"] = "/t";
  credential.files["/t"] = "in-file";
  CHECK(override_of(credential, auth) == "");
  CHECK(override_of(credential, {}) == "");
}

TEST_CASE("a file that cannot be read hides no other problem") {
  World world;
  world.files[World::kUserFile] = "[dropbox\n";
  world.environment["DBX_ES_DROPBOX_RETRY_COUNT"] = "many";
  const LoadedConfig seen = InspectConfig({}, world.Sources());
  REQUIRE(seen.problems.size() == 2);
  CHECK(seen.problems[0].message.find(World::kUserFile) == 0);
  CHECK(seen.problems[1].message.find("dropbox.retry_count") != std::string::npos);
}

TEST_CASE("no command is run from a configuration that others can change") {
  World world = WithCommand("[\"pass\"]");
  world.printed = "secret";
  world.changeable = "/etc is writable by everybody (mode 0777); run: chmod go-w /etc";
  CHECK(world.Problems() ==
        std::string(World::kUserFile) +
            ":5: elasticsearch.api_key_command is not run, because other users can change it: "
            "/etc is writable by everybody (mode 0777); run: chmod go-w /etc");
  CHECK(world.commands.empty());
  // One from the environment is the user's own.
  World own;
  own.files[World::kUserFile] = kWithoutSecrets;
  own.environment["DBX_ES_DROPBOX_REFRESH_TOKEN"] = "t";
  own.environment["DBX_ES_ELASTICSEARCH_API_KEY_COMMAND"] = "pass";
  own.printed = "secret";
  own.changeable = world.changeable;
  const auto loaded = own.Load();
  REQUIRE_MESSAGE(loaded, loaded.error().message);
  CHECK(own.commands.size() == 1);
  // The warning does not depend on secrets in the file.
  CHECK(loaded->warnings == std::vector<std::string>{std::string("other users can change the "
                                                                 "configuration ") +
                                                     World::kUserFile + ": " + world.changeable});
}

TEST_CASE("no program is run that anybody can change") {
  World world = WithCommand("[\"/opt/key\", \"x\"]");
  world.printed = "secret";
  CHECK(world.Problems() == "no problem");
  REQUIRE(world.commands.size() == 1);
  world.open["/opt/key"] = "/opt/key is writable by everybody (mode 0777)";
  CHECK(world.Problems() ==
        std::string(World::kUserFile) +
            ":5: elasticsearch.api_key_command is not run, because other users can change it: "
            "/opt/key is writable by everybody (mode 0777)");
  CHECK(world.commands.size() == 1);
}

TEST_CASE("a secret in a file that anybody can change is not used") {
  World world;
  world.files[World::kUserFile] = std::string(kWithoutSecrets) + "api_key_file = \"/key\"\n";
  world.files["/key"] = "swordfish";
  const std::string token =
      DefaultRefreshTokenFile("/home/u/.local/state/dbx-es", World::kUserFile);
  world.files[token] = "of-another-dropbox";
  CHECK(world.Problems() == "no problem");
  world.open["/key"] = "/key belongs to nobody; run: chown root /key";
  world.open[token] = "it belongs to nobody";
  CHECK(world.Problems() ==
        std::string(World::kUserFile) +
            ":5: elasticsearch.api_key_file: /key is not used, because other users can change it: "
            "/key belongs to nobody; run: chown root /key, if what it contains is yours\n"
            "default: dropbox.refresh_token_file: " +
            token +
            " is not used, because other users can change it: it belongs to nobody, if what it "
            "contains is yours");
  CHECK(InspectConfig({}, world.Sources()).config.dropbox.refresh_token.empty());
  // auth makes a new one.
  LoadRequest auth;
  auth.needs_refresh_token = false;
  world.open.erase("/key");
  CHECK(world.Problems(auth) == "no problem");
}

TEST_CASE("a secret with a byte order mark or blanks around it is refused with a word") {
  struct Case {
    std::string_view text, why;
  };
  for (const auto& [text, why] : {
           Case{"\xef\xbb\xbfswordfish\n",
                "begins with a byte order mark: save the file as UTF-8 without it"},
           Case{" swordfish", "begins with a blank: remove it"},
           Case{"swordfish \n", "ends with a blank: remove it"},
           Case{"swordfish\t\r\n", "ends with a blank: remove it"},
       }) {
    const std::string shown(text);
    CAPTURE(shown);
    World world;
    world.files[World::kUserFile] = std::string(kWithoutSecrets) + "api_key_file = \"/key\"\n";
    world.files["/key"] = text;
    world.environment["DBX_ES_DROPBOX_REFRESH_TOKEN"] = "t";
    CHECK(world.Problems() == fmt::format("/key: elasticsearch.api_key {}", why));
    World environment;
    environment.files[World::kUserFile] = World::kComplete;
    const std::string refresh_token(text.substr(0, text.find_first_of("\r\n")));
    environment.environment["DBX_ES_DROPBOX_REFRESH_TOKEN"] = refresh_token;
    CHECK(environment.Problems().starts_with(
        "environment DBX_ES_DROPBOX_REFRESH_TOKEN: dropbox.refresh_token "));
    CHECK(environment.Problems().find("swordfish") == std::string::npos);
  }
}

}  // namespace dbxes::config

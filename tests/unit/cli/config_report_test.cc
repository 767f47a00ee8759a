// SPDX-License-Identifier: Apache-2.0
#include "cli/config_report.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/json/json.h"

namespace dbxes::cli {
namespace {

config::LoadedConfig Load(const std::string& toml,
                          config::EnvironmentVariables environment = {{"HOME", "/h"}}) {
  const config::ConfigSources sources{
      .environment = std::move(environment),
      .read_file = [toml](const std::string& path) -> Result<std::string> {
        if (path == "/c.toml") return toml;
        return Fail(ErrorKind::kNotFound, "cannot open " + path);
      },
      .file_mode = [](const std::string&) { return std::nullopt; },
  };
  const config::FlagSetting flag{config::FindOption("elasticsearch", "index"), "files"};
  return config::InspectConfig({.config_file = "/c.toml", .flags = {flag}, .for_a_run = false},
                               sources);
}

constexpr const char* kToml =
    "[dropbox]\npath = \"/Team\"\nrefresh_token = \"topsecret\"\n[elasticsearch]\n"
    "api_key_command = [\"pass\", \"es\"]\n[sync]\nmax_delete = \"some\"\n";

bool Has(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

}  // namespace

TEST_CASE("each setting has a line with its value and its origin") {
  const config::LoadedConfig loaded =
      Load(kToml, {{"HOME", "/h"}, {"DBX_ES_ELASTICSEARCH_HOST", "http://a:1"}});
  const auto lines = ConfigLines(loaded);
  CHECK(lines.size() == config::OptionTable().size());
  for (const char* line :
       {"dropbox.path = \"/Team\"  # /c.toml:2", "dropbox.refresh_token = <redacted>  # /c.toml:3",
        "# dropbox.app_secret is not set", "dropbox.retry_count = 3  # default",
        "elasticsearch.host = \"http://a:1\"  # environment DBX_ES_ELASTICSEARCH_HOST",
        "elasticsearch.index = \"files\"  # flag --index",
        "elasticsearch.api_key = <redacted>  # command of /c.toml:5",
        "elasticsearch.api_key_command = [\"pass\", \"es\"]  # /c.toml:5",
        "# sync.max_delete is wrong  # /c.toml:7"}) {
    CAPTURE(line);
    CHECK(Has(lines, line));
  }
  for (const std::string& line : lines) CHECK(line.find("topsecret") == std::string::npos);
}

TEST_CASE("the same as one JSON object") {
  const std::string text = ConfigJson(Load(kToml));
  CHECK(text.find("topsecret") == std::string::npos);
  const auto json = ParseJson(text, "output");
  REQUIRE(json.has_value());
  CHECK(UintMember(*json, "exit_code") == 2);
  CHECK(StringMember(*json, "message").find("sync.max_delete") != std::string::npos);
  const rapidjson::Value& settings = *FindMember(*json, "settings");
  REQUIRE(settings.Size() == config::OptionTable().size());
  for (const auto& setting : settings.GetArray()) {
    const std::string name(StringMember(setting, "name"));
    CAPTURE(name);
    if (name == "dropbox.path") CHECK(StringMember(setting, "value") == "/Team");
    if (name == "dropbox.retry_count") CHECK(UintMember(setting, "value") == 3);
    if (name == "elasticsearch.verify_certs") CHECK(BoolMember(setting, "value", false));
    if (name == "dropbox.refresh_token") {
      CHECK(setting["value"].IsNull());
      CHECK(BoolMember(setting, "secret", false));
      CHECK(BoolMember(setting, "set", false));
    }
    if (name == "dropbox.app_secret") CHECK_FALSE(BoolMember(setting, "set", true));
    if (name == "sync.max_delete") CHECK(setting["value"].IsNull());
  }
}

}  // namespace dbxes::cli

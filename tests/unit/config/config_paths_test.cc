// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/os/temp_folder.h"
#include "config/config_loader.h"
#include "world.h"

namespace dbxes::config {

TEST_CASE("a configuration or a secret has a bound") {
  const TempFolder folder;
  const std::string path = folder / "sparse";
  std::ofstream(path) << "x";
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  const auto text = SystemSources().read_file(path);
  REQUIRE_FALSE(text);
  CHECK(text.error().message == "cannot read " + path + ": it is longer than 16 MiB");
}

TEST_CASE("the configuration is searched in the XDG folder, then in /etc") {
  using Paths = std::vector<std::string>;
  CHECK(ConfigSearchPath({{"HOME", "/h"}}) ==
        Paths{"/h/.config/dbx-es/dbx-es.toml", "/etc/dbx-es/dbx-es.toml"});
  CHECK(ConfigSearchPath({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "/c"}}) ==
        Paths{"/c/dbx-es/dbx-es.toml", "/etc/dbx-es/dbx-es.toml"});
  CHECK(ConfigSearchPath({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "relative"}}) ==
        Paths{"/h/.config/dbx-es/dbx-es.toml", "/etc/dbx-es/dbx-es.toml"});
  CHECK(ConfigSearchPath({}) == Paths{"/etc/dbx-es/dbx-es.toml"});
}

TEST_CASE("the state folder is systemd's, else the XDG one, else the one under HOME") {
  CHECK(DefaultStateDir({{"HOME", "/h"}}) == "/h/.local/state/dbx-es");
  CHECK(DefaultStateDir({{"HOME", "/h"}, {"XDG_STATE_HOME", "/s"}}) == "/s/dbx-es");
  CHECK(DefaultStateDir({{"HOME", "/h"}, {"STATE_DIRECTORY", "/var/lib/a:/var/lib/b"}}) ==
        "/var/lib/a");
  CHECK(DefaultStateDir({}) == "");
}

TEST_CASE("a state folder that is set wins over the default") {
  World world;
  world.files[World::kUserFile] = std::string(World::kComplete) + "[sync]\nstate_dir = \"/f\"\n";
  world.environment["STATE_DIRECTORY"] = "/systemd";
  CHECK(world.Load()->config.state_dir == "/f");
  world.environment["DBX_ES_SYNC_STATE_DIR"] = "/e";
  CHECK(world.Load()->config.state_dir == "/e");
  LoadRequest request;
  request.flags = {{FindOption("sync", "state_dir"), "rel"}};
  CHECK(world.Load(request)->config.state_dir == "rel");
}

TEST_CASE("each configuration has a token file of its own") {
  const std::string ana = DefaultRefreshTokenFile("/s", "/home/ana/dbx-es.toml");
  CHECK(ana.starts_with("/s/dbx-es-"));
  CHECK(ana.ends_with(".refresh_token"));
  CHECK(ana == DefaultRefreshTokenFile("/s", "/home/ana/dbx-es.toml"));
  CHECK(ana != DefaultRefreshTokenFile("/s", "/etc/dbx-es/dbx-es.toml"));
  CHECK(ana != DefaultRefreshTokenFile("/s", "/home/ana/dbx-es"));
  // The number of a descriptor says nothing.
  CHECK(DefaultRefreshTokenFile("/s", "/dev/fd/63") == "/s/dbx-es.refresh_token");
  CHECK(DefaultRefreshTokenFile("/s", "") == "/s/dbx-es.refresh_token");
  CHECK(DefaultRefreshTokenFile("", "/f.toml") == "");
}

TEST_CASE("an access token is kept beside the refresh token") {
  for (const char* file : {"/etc/dbx-es/team.toml", "/dev/fd/63", ""}) {
    const std::string refresh = DefaultRefreshTokenFile("/s", file);
    const std::string access = AccessTokenFile("/s", file);
    const std::string stem = refresh.substr(0, refresh.rfind('.'));
    CHECK(access == stem + ".access_token");
  }
  CHECK(AccessTokenFile("", "/etc/dbx-es/team.toml") == "");
}

TEST_CASE("a relative path and the absolute one name the same token file") {
  World world;
  ConfigSources sources = world.Sources();
  sources.absolute = [](const std::string& path) {
    return path.starts_with('/') ? path : "/work/" + path;
  };
  world.files["m/team.toml"] = world.files["/work/m/team.toml"] = "[dropbox]\napp_key = \"k\"\n";
  LoadRequest request;
  request.for_a_run = false;
  std::vector<std::string> paths;
  for (const char* file : {"m/team.toml", "/work/m/team.toml"}) {
    request.config_file = file;
    paths.push_back(InspectConfig(request, sources).config.dropbox.refresh_token_file);
  }
  CHECK(paths[0] == paths[1]);
  CHECK(paths[0] == DefaultRefreshTokenFile("/home/u/.local/state/dbx-es", "/work/m/team.toml"));

  const ConfigSources system = SystemSources();
  CHECK(system.absolute("/a/b.toml") == "/a/b.toml");
  CHECK(system.absolute("a/../b.toml") == system.absolute("./b.toml"));
  CHECK(system.absolute("b.toml").starts_with('/'));
  CHECK(system.absolute("") == "");
}

TEST_CASE("without HOME the state folder must be set, unless the state is in the cluster") {
  World world;
  world.environment.clear();
  world.files[World::kSystemFile] = World::kComplete;
  CHECK(world.Problems() ==
        "no folder for the state: set sync.state_dir, DBX_ES_SYNC_STATE_DIR or HOME, or keep it in "
        "the cluster with sync.state = \"cluster\"");
  world.environment["DBX_ES_SYNC_STATE"] = "cluster";
  CHECK(world.Problems() == "no problem");
}

}  // namespace dbxes::config

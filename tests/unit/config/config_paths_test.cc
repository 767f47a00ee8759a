// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "config/config_loader.h"
#include "world.h"

namespace dbxes::config {

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

TEST_CASE("without HOME the state folder must be set") {
  World world;
  world.environment.clear();
  world.files[World::kSystemFile] = World::kComplete;
  CHECK(world.Problems() ==
        "no folder for the state: set sync.state_dir, DBX_ES_SYNC_STATE_DIR or HOME");
}

}  // namespace dbxes::config

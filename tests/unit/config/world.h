// SPDX-License-Identifier: Apache-2.0
// An environment and files in memory for the tests of this folder.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::config {

struct World {
  EnvironmentVariables environment{{"HOME", "/home/u"}};
  std::map<std::string, std::string> files;
  unsigned mode = 0600;
  std::string changeable = "";
  std::map<std::string, std::string> open;      // files that anybody can change, and why
  std::map<std::string, std::string> to_group;  // files that members of a group can change, and why
  mutable std::vector<std::vector<std::string>> commands;  // that were run
  Result<std::string> printed = "";                        // by each of them

  ConfigSources Sources() const {
    return {
        .environment = environment,
        .read_file = [this](const std::string& path) -> Result<std::string> {
          const auto found = files.find(path);
          if (found == files.end()) return Fail(ErrorKind::kNotFound, "cannot open " + path);
          if (found->second == kUnreadable) return Fail(ErrorKind::kInternal, "denied " + path);
          return found->second;
        },
        .file_mode = [this](const std::string&) { return std::optional<unsigned>(mode); },
        .changeable =
            [this](const std::string& path) {
              if (open.contains(path)) return open.at(path);
              return to_group.contains(path) ? to_group.at(path) : changeable;
            },
        .changeable_by_anybody =
            [this](const std::string& path) { return open.contains(path) ? open.at(path) : ""; },
        .run_command = [this](const std::vector<std::string>& words) -> Result<std::string> {
          commands.push_back(words);
          return printed;
        },
    };
  }
  Result<LoadedConfig> Load(const LoadRequest& request = {}) const {
    return LoadConfig(request, Sources());
  }
  // The message of a load that must fail.
  std::string Problems(const LoadRequest& request = {}) const {
    const auto loaded = Load(request);
    return loaded ? "no problem" : loaded.error().message;
  }

  static constexpr const char* kUnreadable = "\x01unreadable";
  static constexpr const char* kUserFile = "/home/u/.config/dbx-es/dbx-es.toml";
  static constexpr const char* kSystemFile = "/etc/dbx-es/dbx-es.toml";
  static constexpr const char* kComplete =
      "[dropbox]\n"
      "app_key = \"k\"\n"
      "refresh_token = \"t\"\n"
      "[elasticsearch]\n"
      "host = \"https://es.example.com:9200/\"\n"
      "api_key = \"a\"\n";
};

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
// Puts a Config together: defaults < file < environment < flags. Each value keeps its origin, and
// all that is wrong is said in one pass. The world comes in through ConfigSources.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/option_table.h"
#include "config/option_value.h"

namespace dbxes::config {

using EnvironmentVariables = std::map<std::string, std::string, std::less<>>;

struct ConfigSources {
  EnvironmentVariables environment;
  // kNotFound for a file that is not there.
  std::function<Result<std::string>(const std::string& path)> read_file;
  // Permission bits of a file; nothing where they cannot be told.
  std::function<std::optional<unsigned>(const std::string& path)> file_mode;
  // What a program prints; empty where none may be run.
  std::function<Result<std::string>(const std::vector<std::string>& words)> run_command = {};
};

// The process's own environment and files.
ConfigSources SystemSources();

struct FlagSetting {
  const OptionRow* row = nullptr;
  std::string text;
};

struct LoadRequest {
  std::optional<std::string> config_file = {};  // of --config; else the usual places are searched
  std::vector<FlagSetting> flags = {};
  bool needs_elasticsearch = true;  // false where documents go to a file
  bool needs_refresh_token = true;  // false for auth, which gets one
  // False where nobody is asked anything: then neither what is missing nor what does not go
  // together is a problem, and no command is run for a secret.
  bool for_a_run = true;
};

struct LoadedConfig {
  Config config;
  // Where each row of OptionTable() got its value, in the table's order: "FILE:LINE",
  // "environment DBX_ES_...", "flag --x", "default"; "" for a row without a value.
  std::vector<std::string> origins;
  // Rows whose value was refused, in the table's order: what is in the Config means nothing then.
  std::vector<bool> refused;
  std::vector<std::string> warnings;
  std::vector<std::string> problems;  // all that is wrong, one sentence each
  // The commands for secrets, as they were written.
  std::map<const OptionRow*, RawValue> commands;

  const std::string& OriginOf(const OptionRow& row) const;
  // Whether the row has a value that can be relied on.
  bool Holds(std::string_view section, std::string_view key) const;
};

// All that can be known, also where something is wrong: for commands that look at a configuration.
LoadedConfig InspectConfig(const LoadRequest& request, const ConfigSources& sources);

// kConfig; the message has one line per problem.
Result<LoadedConfig> LoadConfig(const LoadRequest& request, const ConfigSources& sources);

// Where the configuration file is looked for, first match wins (XDG Base Directory Specification).
std::vector<std::string> ConfigSearchPath(const EnvironmentVariables& environment);
// Where auth keeps the refresh token unless a setting says otherwise: beside the state, since that
// is what the account of a service may write; by the name of the configuration, since each may be
// about another Dropbox.
std::string DefaultRefreshTokenFile(const std::string& state_dir, const std::string& config_file);
// STATE_DIRECTORY of systemd, else the XDG state folder, else the one under HOME; "" without HOME.
std::string DefaultStateDir(const EnvironmentVariables& environment);

}  // namespace dbxes::config

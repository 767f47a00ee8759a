// SPDX-License-Identifier: Apache-2.0
// Loads a Config: defaults < Kibana < file < environment < flags. Each value keeps its origin, and
// one pass reports all problems. Files, environment and commands come from ConfigSources.
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

// The form that Kibana shows of a connector (connector/connector_form.h).
struct ConnectorForm {
  struct Field {
    std::string key;    // of the setting, in the section dropbox
    std::string label;  // as people see it
    RawValue value;     // without origin
  };
  std::vector<Field> fields;  // those with a value
  Secret as_read;             // see ConnectorConfig
};

struct ConfigSources {
  EnvironmentVariables environment;
  // kNotFound for a file that is not there.
  std::function<Result<std::string>(const std::string& path)> read_file;
  // Permission bits of a file; nothing if they cannot be read.
  std::function<std::optional<unsigned>(const std::string& path)> file_mode;
  // Why other users may change the content of a file (base/os/file_trust.h); "" if nobody can.
  std::function<std::string(const std::string& path)> changeable = [](const std::string&) {
    return std::string();
  };
  // The same, but members of a group that may write count as trusted.
  std::function<std::string(const std::string& path)> changeable_by_anybody =
      [](const std::string&) { return std::string(); };
  // The path from the root, also of a relative one. Symbolic links stay: their targets may change.
  std::function<std::string(const std::string& path)> absolute = [](const std::string& path) {
    return path;
  };
  // Runs a program and returns its output; may be empty if no program is to be run.
  std::function<Result<std::string>(const std::vector<std::string>& words)> run_command = {};
  // Asks the cluster for the form of the connector; may be empty if nobody is to be asked. The
  // configuration has what is set anywhere else.
  std::function<Result<ConnectorForm>(const Config& config)> read_form = {};
};

// The process's own environment and files.
ConfigSources SystemSources();

struct FlagSetting {
  const OptionRow* row = nullptr;
  std::string text;
  std::vector<std::string> all = {};  // of a flag that may be repeated, instead of `text`
};

enum class AskKibana {
  kNo,
  kToShow,  // a value that cannot be used is a problem of the configuration
  kToRun,   // it is reported as Config::connector.problem, so that the run can show it in Kibana
};

struct LoadRequest {
  std::optional<std::string> config_file = {};  // of --config; else ConfigSearchPath() is searched
  std::vector<FlagSetting> flags = {};
  bool needs_elasticsearch = true;  // false if documents go to a file
  bool needs_refresh_token = true;  // false for auth, which gets one
  // False for commands that contact no service: missing or contradicting settings are then no
  // problem, and no command is run for a secret.
  bool for_a_run = true;
  // Whether contradictions among settings are problems of such a command all the same. What is
  // missing is none.
  bool reports_contradictions = false;
  // Whether such a command contacts the cluster if the state is there.
  bool reads_state = false;
  // Whether values count that somebody has set in Kibana, where connector.id names a connector.
  AskKibana asks_kibana = AskKibana::kNo;
  // Somebody may yet set in Kibana what is missing, which then is no problem.
  bool waits_for_kibana = false;
};

// What is wrong with a configuration, and how to fix it.
struct ConfigProblem {
  std::string message;
  std::string advice = {};  // "" if the message contains it; several lines are steps
  ErrorKind kind = ErrorKind::kConfig;

  // Both as one message.
  std::string Text() const;
};

// One problem after another, each on its own lines.
std::string TextOf(const std::vector<ConfigProblem>& problems);

struct LoadedConfig {
  Config config;
  // The origin of the value of each row of OptionTable(), in the order of the table: "FILE:LINE",
  // "environment DBX_ES_...", "flag --x", "Kibana", "default"; "" for a row without a value.
  std::vector<std::string> origins;
  // Rows with an invalid value, in the order of the table. Their member of Config means nothing.
  std::vector<bool> refused;
  std::vector<std::string> warnings;
  std::vector<ConfigProblem> problems;
  // Why other users may change the configuration file; "" if nobody can.
  std::string changeable = {};
  // Of the error config.connector.unread.
  ErrorKind kibana_trouble = ErrorKind::kConfig;
  // The commands for secrets, as the user wrote them.
  std::map<const OptionRow*, RawValue> commands;

  const std::string& OriginOf(const OptionRow& row) const;
  // Whether the row has a valid value.
  bool Holds(std::string_view section, std::string_view key) const;
};

// Loads as much as possible, also with problems: for commands that show or check a configuration.
LoadedConfig InspectConfig(const LoadRequest& request, const ConfigSources& sources);

// Fails with the text of all problems: kConfig, unless the only problem is that the connector
// cannot be read; then it fails like that, such as with kTemporary.
Result<LoadedConfig> LoadConfig(const LoadRequest& request, const ConfigSources& sources);

// Paths of the configuration file, first match wins (XDG Base Directory Specification).
std::vector<std::string> ConfigSearchPath(const EnvironmentVariables& environment);
// Where auth stores the refresh token by default: in the state folder, which a service account may
// write, with the name of the configuration file and a hash of its path, which is absolute:
// configurations of the same name may be for different Dropboxes.
std::string DefaultRefreshTokenFile(const std::string& state_dir, const std::string& config_file);
// Where a run keeps its access token, beside that file.
std::string AccessTokenFile(const std::string& state_dir, const std::string& config_file);
// STATE_DIRECTORY of systemd, else the XDG state folder, else the one in HOME; "" without HOME.
std::string DefaultStateDir(const EnvironmentVariables& environment);

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
#include "config/missing_settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace dbxes::config {
namespace {

constexpr std::string_view kExample = "/usr/share/doc/dbx-es/examples/dbx-es.toml";

bool IsFirstStart(const LoadedConfig& loaded) {
  return loaded.config.config_file.empty() &&
         std::all_of(OptionTable().begin(), OptionTable().end(), [&](const OptionRow& row) {
           const std::string& origin = loaded.OriginOf(row);
           return origin.empty() || origin == "default" || origin.starts_with("flag ");
         });
}

// The line breaks keep lines short enough for a terminal.
ConfigProblem FirstStart(const LoadRequest& request, const std::string& file) {
  const std::string_view settings = request.needs_elasticsearch
                                        ? "[dropbox] app_key, [elasticsearch] host and api_key"
                                        : "[dropbox] app_key";
  return {
      "dbx-es is not set up yet",
      fmt::format("dbx-es init asks for what is needed; or by hand:\n1. write {}\n   with {} (man "
                  "dbx-es.toml)\n2. dbx-es auth\n3. dbx-es check",
                  file, settings)};
}

ConfigProblem NoToken(const LoadedConfig& loaded, const LoadRequest& request) {
  const std::string& path = loaded.config.dropbox.refresh_token_file;
  const std::string where = path.empty() ? "" : " in " + path;
  const std::string file = request.config_file ? " -c " + *request.config_file : "";
  const bool named = !path.empty() && !loaded.config.config_file.empty();
  return {"no refresh token" + where,
          fmt::format("run dbx-es auth{}{}", file,
                      named ? "; if this configuration was renamed or moved, rename the token file "
                              "of its old path instead"
                            : "")};
}

}  // namespace

std::vector<const OptionRow*> MissingSettings(const LoadedConfig& loaded,
                                              const LoadRequest& request) {
  std::vector<const OptionRow*> missing;
  for (const OptionRow& row : OptionTable()) {
    if (!row.required || !loaded.OriginOf(row).empty()) continue;
    if (row.section == "elasticsearch" && !request.needs_elasticsearch) continue;
    if (row.key == "refresh_token" && !request.needs_refresh_token) continue;
    if (row.section == "dropbox" && request.waits_for_kibana) continue;
    missing.push_back(&row);
  }
  return missing;
}

std::vector<ConfigProblem> DescribeMissing(const std::vector<const OptionRow*>& missing,
                                           const LoadedConfig& loaded, const LoadRequest& request,
                                           const ConfigSources& sources) {
  std::string file = loaded.config.config_file;
  if (file.empty()) file = ConfigSearchPath(sources.environment).front();
  if (!missing.empty() && IsFirstStart(loaded)) return {FirstStart(request, file)};
  std::vector<ConfigProblem> problems;
  std::vector<std::string> settings;
  std::vector<std::string> variables;
  bool token = false;
  for (const OptionRow* row : missing) {
    token |= row->key == "refresh_token";
    if (row->key == "refresh_token") continue;
    settings.push_back(SettingName(*row));
    variables.push_back(EnvironmentName(*row));
  }
  if (!settings.empty()) {
    problems.push_back({fmt::format("required settings missing: {}", fmt::join(settings, ", ")),
                        fmt::format("write them in {} (example: {}), or set {}", file, kExample,
                                    fmt::join(variables, ", "))});
  }
  if (token) problems.push_back(NoToken(loaded, request));
  return problems;
}

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
#include "config/config_trust.h"

#include <fmt/format.h>

#include <variant>

#include "config/config_secrets.h"

namespace dbxes::config {
namespace {

const std::string& PathOf(const OptionRow& row, Config& config) {
  return std::get<std::string& (*)(Config&)>(row.field)(config);
}

// Reports are written, everything else is read.
bool IsInput(const OptionRow& row) {
  const bool written = row.section == "report" && row.file_of.empty();
  return row.type == OptionType::kFile && !written;
}

// Whether the secret in the file is refused because of what the file is.
bool IsRefused(const ConfigSources& sources, const OptionRow& row, const std::string& path,
               const LoadedConfig& loaded) {
  if (row.file_of.empty()) return false;
  const OptionRow& secret = *FindOption(row.section, row.file_of);
  return loaded.refused[IndexOf(secret)] && !sources.changeable_by_anybody(path).empty();
}

// libcurl reads it: the certificate's file contains the key, too, if none is named. The setting
// that is refused, if there is one.
const OptionRow* CheckKey(const ConfigSources& sources, LoadedConfig& loaded) {
  const ElasticsearchConfig& config = loaded.config.elasticsearch;
  const bool named = !config.client_key.empty();
  const std::string& path = named ? config.client_key : config.client_cert;
  if (path.empty()) return nullptr;
  const OptionRow& row = *FindOption("elasticsearch", named ? "client_key" : "client_cert");
  if (RefuseChangeable(sources, row, path, loaded)) return &row;
  WarnOfReaders(sources, path, loaded);
  return nullptr;
}

}  // namespace

bool RefuseChangeable(const ConfigSources& sources, const OptionRow& row, const std::string& path,
                      LoadedConfig& loaded) {
  const std::string why = sources.changeable_by_anybody(path);
  if (why.empty()) return false;
  loaded.problems.push_back(
      {fmt::format("{}: {}: {} is not used, because other users can change it: {}, if what it "
                   "contains is yours",
                   loaded.OriginOf(row), SettingName(row), path, why)});
  return true;
}

void CheckInputs(const ConfigSources& sources, LoadedConfig& loaded) {
  const OptionRow* const refused_key = CheckKey(sources, loaded);
  for (const OptionRow& row : OptionTable()) {
    const std::string& origin = loaded.OriginOf(row);
    // The file of auth is part of the state, which has a check of its own.
    const bool given = !origin.empty() && origin != "default" && !loaded.refused[IndexOf(row)];
    if (!IsInput(row) || !given) continue;
    const std::string& path = PathOf(row, loaded.config);
    // Refused already.
    if (path.empty() || &row == refused_key || IsRefused(sources, row, path, loaded)) continue;
    const std::string why = sources.changeable(path);
    if (why.empty()) continue;
    loaded.warnings.push_back(
        fmt::format("other users can change {} {}: {}", SettingName(row), path, why));
  }
}

}  // namespace dbxes::config

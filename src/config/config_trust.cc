// SPDX-License-Identifier: Apache-2.0
#include "config/config_trust.h"

#include <fmt/format.h>

namespace dbxes::config {

bool RefuseChangeable(const ConfigSources& sources, const OptionRow& row, const std::string& path,
                      LoadedConfig& loaded) {
  const std::string why = sources.changeable_by_anybody(path);
  if (why.empty()) return false;
  loaded.problems.push_back(
      {fmt::format("{}: {}: {} is not used, because other users can change it: {}",
                   loaded.OriginOf(row), SettingName(row), path, why)});
  return true;
}

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
#include "config/settings_toml.h"

#include <fmt/format.h>

#include <variant>

#include "config/option_text.h"

namespace dbxes::config {
namespace {

std::string SettingLine(const OptionRow& row, const LoadedConfig& loaded, bool with_secrets) {
  if (!row.IsSecret()) return fmt::format("{} = {}\n", row.key, OptionText(row, loaded));
  if (!with_secrets) {
    return fmt::format("# {} is a secret, see {}; --output FILE writes it, too\n", row.key,
                       loaded.OriginOf(row));
  }
  Config config = loaded.config;
  const Secret& secret = std::get<Secret& (*)(Config&)>(row.field)(config);
  return fmt::format("{} = {}\n", row.key, TomlString(secret.Reveal()));
}

}  // namespace

std::string SettingsToml(const LoadedConfig& loaded,
                         const std::function<bool(const OptionRow&)>& wanted, bool with_secrets) {
  std::string toml;
  std::string_view section;
  for (const OptionRow& row : OptionTable()) {
    if (!wanted(row)) continue;
    if (row.section != section) toml += fmt::format("\n[{}]\n", row.section);
    section = row.section;
    toml += SettingLine(row, loaded, with_secrets);
  }
  return toml;
}

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
#include "cli/config_report.h"

#include <fmt/format.h>

#include "base/exit_code.h"
#include "base/json/json_write.h"
#include "config/option_text.h"
#include "report/result_json.h"
#include "report/text.h"

namespace dbxes::cli {
namespace {

// A wrong value is only shown in the message about it.
bool IsWrong(const config::OptionRow& row, const config::LoadedConfig& loaded) {
  return !loaded.OriginOf(row).empty() && !loaded.Holds(row.section, row.key) && !row.IsSecret();
}

std::string Line(const config::OptionRow& row, const config::LoadedConfig& loaded) {
  const std::string& origin = loaded.OriginOf(row);
  if (origin.empty()) return fmt::format("# {} is not set", config::SettingName(row));
  if (IsWrong(row, loaded))
    return fmt::format("# {} is wrong  # {}", config::SettingName(row), origin);
  return fmt::format("{} = {}  # {}", config::SettingName(row), config::OptionText(row, loaded),
                     origin);
}

void WriteSetting(JsonWriter& writer, const config::OptionRow& row,
                  const config::LoadedConfig& loaded) {
  const bool set = !loaded.OriginOf(row).empty();
  writer.StartObject();
  WriteText(writer, "name", config::SettingName(row));
  WriteKey(writer, "value");
  if (set && !row.IsSecret() && !IsWrong(row, loaded)) {
    // TOML of one value is also JSON.
    const std::string text = report::WellFormedUtf8(config::OptionText(row, loaded));
    writer.RawValue(text.data(), text.size(), rapidjson::kStringType);
  } else {
    writer.Null();
  }
  WriteText(writer, "origin", loaded.OriginOf(row));
  WriteFlag(writer, "set", set);
  WriteFlag(writer, "secret", row.IsSecret());
  writer.EndObject();
}

}  // namespace

std::vector<std::string> ConfigLines(const config::LoadedConfig& loaded) {
  std::vector<std::string> lines;
  for (const config::OptionRow& row : config::OptionTable()) lines.push_back(Line(row, loaded));
  return lines;
}

std::string ConfigJson(const config::LoadedConfig& loaded) {
  const ExitCode code = loaded.problems.empty() ? ExitCode::kOk : ExitCode::kConfiguration;
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, "config show", code, config::TextOf(loaded.problems));
  WriteText(writer, "config_file", loaded.config.config_file);
  WriteKey(writer, "settings");
  writer.StartArray();
  for (const config::OptionRow& row : config::OptionTable()) WriteSetting(writer, row, loaded);
  writer.EndArray();
  WriteTexts(writer, "warnings", loaded.warnings);
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace dbxes::cli

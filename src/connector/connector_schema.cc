// SPDX-License-Identifier: Apache-2.0
#include "connector/connector_schema.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <variant>
#include "base/json/json_write.h"

namespace dbxes::connector {
namespace {

using Value = std::variant<std::string, int, bool>;

struct Field {
  std::string_view name;
  std::string_view label;
  Value value;
  bool sensitive = false;
  bool advanced = false;
  std::string_view depends_on = "";  // the switch that shows it
};

std::string_view TypeOf(const Value& value) {
  constexpr std::string_view kTypes[] = {"str", "int", "bool"};
  return kTypes[value.index()];
}

std::string_view DisplayOf(const Value& value) {
  constexpr std::string_view kDisplays[] = {"textbox", "numeric", "toggle"};
  return kDisplays[value.index()];
}

void WriteValue(JsonWriter& writer, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) WriteString(writer, *text);
  if (const auto* number = std::get_if<int>(&value)) writer.Int(*number);
  if (const auto* flag = std::get_if<bool>(&value)) writer.Bool(*flag);
}

void WriteEmptyList(JsonWriter& writer, std::string_view key) {
  WriteKey(writer, key);
  writer.StartArray();
  writer.EndArray();
}

void WriteDependency(JsonWriter& writer, std::string_view field) {
  writer.Key("depends_on");
  writer.StartArray();
  if (!field.empty()) {
    writer.StartObject();
    WriteText(writer, "field", field);
    WriteFlag(writer, "value", true);
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteField(JsonWriter& writer, const Field& field, int order, const std::string& tooltip) {
  WriteKey(writer, field.name);
  writer.StartObject();
  WriteText(writer, "label", field.label);
  WriteText(writer, "type", TypeOf(field.value));
  WriteText(writer, "display", DisplayOf(field.value));
  writer.Key("value");
  WriteValue(writer, field.value);
  writer.Key("default_value");
  writer.Null();
  // dbx-es has the value already.
  WriteFlag(writer, "required", false);
  WriteFlag(writer, "sensitive", field.sensitive);
  WriteNumber(writer, "order", order);
  WriteText(writer, "tooltip", tooltip);
  WriteDependency(writer, field.depends_on);
  writer.Key("ui_restrictions");
  writer.StartArray();
  if (field.advanced) writer.String("advanced");
  writer.EndArray();
  WriteEmptyList(writer, "validations");
  WriteEmptyList(writer, "options");
  writer.EndObject();
}

}  // namespace

void WriteSchema(JsonWriter& writer, const config::Config& config) {
  const config::DropboxConfig& dropbox = config.dropbox;
  const std::string path = dropbox.path.empty() ? "/" : dropbox.path;
  constexpr std::string_view kSecurity = "use_document_level_security";
  const Field fields[] = {
      {"path", "Path to fetch files/folders", path},
      {"app_key", "App Key", std::string(), true},
      {"app_secret", "App secret", std::string(), true},
      {"refresh_token", "Refresh token", std::string(), true},
      {"retry_count", "Retries per request", dropbox.retry_count, false, true},
      {"concurrent_downloads", "Maximum concurrent downloads", dropbox.concurrent_downloads, false,
       true},
      {"use_text_extraction_service", "Use text extraction service",
       dropbox.use_text_extraction_service, false, true},
      {kSecurity, "Enable document level security", dropbox.use_document_level_security},
      {"include_inherited_users_and_groups", "Include groups and inherited users",
       dropbox.include_inherited_users_and_groups, false, false, kSecurity},
  };
  const std::string tooltip = fmt::format(
      "dbx-es reads this from its own configuration{}; a value that is saved here changes nothing.",
      config.config_file.empty() ? "" : " (" + config.config_file + ")");
  writer.StartObject();
  int order = 0;
  for (const Field& field : fields) WriteField(writer, field, ++order, tooltip);
  writer.EndObject();
}

}  // namespace dbxes::connector

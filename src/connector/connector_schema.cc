// SPDX-License-Identifier: Apache-2.0
#include "connector/connector_schema.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <variant>
#include "base/json/json_write.h"

namespace dbxes::connector {
namespace {

// Around the place where a setting has its value.
constexpr std::string_view kLocalBegin = "dbx-es has its value from ";
constexpr std::string_view kLocalEnd = "; a value that is saved here changes nothing.";

using Value = std::variant<std::string, int, bool>;

struct Field {
  std::string_view name;
  std::string_view label;
  Value value;
  std::string_view tooltip = "";
  bool required = false;
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

// `local`: where the setting has its value; "" if that may be in Kibana.
void WriteField(JsonWriter& writer, const Field& field, int order, const std::string& local) {
  WriteKey(writer, field.name);
  writer.StartObject();
  WriteText(writer, "label", field.label);
  WriteText(writer, "type", TypeOf(field.value));
  WriteText(writer, "display", DisplayOf(field.value));
  writer.Key("value");
  WriteValue(writer, field.value);
  writer.Key("default_value");
  writer.Null();
  WriteFlag(writer, "required", field.required && local.empty());
  WriteFlag(writer, "sensitive", field.sensitive);
  WriteNumber(writer, "order", order);
  if (local.empty()) {
    WriteText(writer, "tooltip", field.tooltip);
  } else {
    WriteText(writer, "tooltip", fmt::format("{}{}{}", kLocalBegin, local, kLocalEnd));
  }
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
  const bool service = config.extraction.mode == config::ExtractionMode::kService;
  constexpr std::string_view kSecurity = "use_document_level_security";
  const auto local = [&config](std::string_view name) {
    const auto found = config.connector.local.find(name);
    return found == config.connector.local.end() ? std::string() : found->second;
  };
  // The app key is no secret, but the form of Elastic's connector hides it like one.
  const Field fields[] = {
      {"path", "Path to fetch files/folders",
       dropbox.paths.size() == 1 ? std::string(FolderText(dropbox.paths.front())) : "",
       "The folder to index, with everything under it; / is the whole Dropbox. Several folders "
       "can only be set in the configuration of dbx-es."},
      {"app_key", "App Key", std::string(), "Of the app in the Dropbox App Console.", true, true},
      {"app_secret", "App secret", std::string(),
       "Of the same app. It may be empty for a refresh token that was obtained with PKCE.", false,
       true},
      {"refresh_token", "Refresh token", std::string(), "dbx-es auth obtains one.", true, true},
      {"retry_count", "Retries per request", dropbox.retry_count, "0 to 100.", false, false, true},
      {"concurrent_downloads", "Maximum concurrent downloads", dropbox.concurrent_downloads,
       "1 to 100.", false, false, true},
      {"use_text_extraction_service", "Use text extraction service", service,
       "It needs extraction_service.host in the configuration of dbx-es.", true, false, true},
      {kSecurity, "Enable document level security", dropbox.use_document_level_security,
       "Stores the readers of each document.", true},
      {"include_inherited_users_and_groups", "Include groups and inherited users",
       dropbox.include_inherited_users_and_groups,
       "Counts the members of a shared folder among the readers of its files.", true, false, false,
       kSecurity},
  };
  writer.StartObject();
  int order = 0;
  for (const Field& field : fields) WriteField(writer, field, ++order, local(field.name));
  writer.EndObject();
}

bool IsLocalField(const rapidjson::Value& field) {
  const std::string_view tooltip = StringMember(field, "tooltip");
  return tooltip.starts_with(kLocalBegin) && tooltip.ends_with(kLocalEnd);
}

}  // namespace dbxes::connector

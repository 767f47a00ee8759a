// SPDX-License-Identifier: Apache-2.0
#include "config/kibana_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "config/config_secrets.h"
#include "config/option_list.h"

namespace dbxes::config {
namespace {

constexpr std::string_view kOrigin = "Kibana";
constexpr std::string_view kSection = "dropbox";
constexpr std::string_view kService = "use_text_extraction_service";
// What Elastic's Dropbox connector has in its form.
constexpr std::string_view kFields[] = {"path",
                                        "app_key",
                                        "app_secret",
                                        "refresh_token",
                                        "retry_count",
                                        "concurrent_downloads",
                                        kService,
                                        "use_document_level_security",
                                        "include_inherited_users_and_groups"};

// A line number would change with each edit of the file.
std::string WithoutLine(const std::string& origin) {
  const std::size_t colon = origin.rfind(':');
  if (colon == std::string::npos || colon + 1 == origin.size()) return origin;
  const bool line = origin.find_first_not_of("0123456789", colon + 1) == std::string::npos;
  return line ? origin.substr(0, colon) : origin;
}

// Other settings, such as the address of Dropbox, are for who administers the machine.
bool IsOfForm(std::string_view key) {
  return std::find(std::begin(kFields), std::end(kFields), key) != std::end(kFields);
}

bool IsLocal(const std::string& origin) { return !origin.empty() && origin != "default"; }

// Where the setting has its value; "" if that may be in Kibana.
std::string LocalOrigin(const LoadedConfig& loaded, std::string_view key) {
  const std::string& origin = loaded.OriginOf(*FindOption(kSection, key));
  if (IsLocal(origin)) return WithoutLine(origin);
  if (key != kService) return "";
  // Another name for the mode.
  const std::string& mode = loaded.OriginOf(*FindOption("extraction", "mode"));
  return IsLocal(mode) ? WithoutLine(mode) : "";
}

// Why the cluster is not asked, which the command reports itself; "" if it may be.
std::string WhyNotAsked(const LoadedConfig& loaded, bool consistent) {
  if (!loaded.Holds("elasticsearch", "host")) return "elasticsearch.host is not set";
  const std::string& command = loaded.config.elasticsearch.command_not_run;
  if (!command.empty()) return command + " is not run here";
  for (const char* secret : {"api_key", "password", "client_key_password"}) {
    const OptionRow& row = *FindOption("elasticsearch", secret);
    const bool refused = !loaded.OriginOf(row).empty() && !loaded.Holds("elasticsearch", secret);
    if (refused) return SettingName(row) + " cannot be used";
  }
  return loaded.problems.empty() && consistent ? "" : "the configuration has problems";
}

// Why the value cannot be used, by the label of its field; "" if it can.
std::string Apply(const ConnectorForm::Field& field, LoadedConfig& loaded) {
  const OptionRow& row = *FindOption(kSection, field.key);
  RawValue value = field.value;
  value.origin = fmt::format("{}, \"{}\"", kOrigin, field.label);
  if (row.type == OptionType::kDropboxPaths) value.text = FolderLines(value.text);
  const std::size_t problems = loaded.problems.size();
  ApplySetting(row, value, loaded);
  loaded.origins[IndexOf(row)] = kOrigin;
  if (loaded.problems.size() > problems) {
    std::string problem = std::move(loaded.problems.back().message);
    loaded.problems.pop_back();
    return problem;
  }
  const bool lacks_host = loaded.config.extraction.service.host.empty();
  if (field.key != kService || !loaded.config.dropbox.use_text_extraction_service || !lacks_host) {
    return "";
  }
  loaded.config.dropbox.use_text_extraction_service = false;
  loaded.refused[IndexOf(row)] = true;
  return fmt::format("{}: the service needs extraction_service.host, which is set nowhere",
                     value.origin);
}

}  // namespace

bool IsInKibanaForm(const OptionRow& row) { return row.section == kSection && IsOfForm(row.key); }

void ApplyKibanaSettings(const LoadRequest& request, const ConfigSources& sources, bool consistent,
                         LoadedConfig& loaded) {
  ConnectorConfig& connector = loaded.config.connector;
  for (const std::string_view key : kFields) {
    const std::string origin = LocalOrigin(loaded, key);
    if (!origin.empty()) connector.local.emplace(key, origin);
  }
  const bool asks = request.asks_kibana != AskKibana::kNo && request.needs_elasticsearch;
  if (!asks || !sources.read_form || connector.id.empty()) return;
  const std::string why_not = WhyNotAsked(loaded, consistent);
  auto form = why_not.empty() ? sources.read_form(loaded.config)
                              : Result<ConnectorForm>(Fail(ErrorKind::kConfig, why_not));
  if (!form) {
    const bool all_local = connector.local.size() == std::size(kFields);
    if (!all_local) connector.unread = form.error().ToLine();
    loaded.kibana_trouble = form.error().kind;
    return;
  }
  connector.as_read = std::move(form->as_read);
  for (const ConnectorForm::Field& field : form->fields) {
    if (!IsOfForm(field.key) || connector.local.contains(field.key)) continue;
    const std::string problem = Apply(field, loaded);
    if (field.key == "refresh_token") loaded.config.dropbox.refresh_token_in_no_file = true;
    if (problem.empty()) continue;
    if (request.asks_kibana == AskKibana::kToShow) {
      loaded.problems.push_back({problem, "correct it in Kibana, on the page of the connector"});
    } else {
      connector.problem += (connector.problem.empty() ? "" : "; ") + problem;
    }
  }
}

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
#include "config/connector_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "config/config_secrets.h"
#include "config/connector_file.h"
#include "config/option_list.h"
#include "config/settings_toml.h"

namespace dbxes::config {
namespace {

using Values = std::vector<ConnectorValue>;

// Settings of config.yml with the same meaning here, some in another unit.
enum class Unit { kSame, kMebibytes, kPairs };
struct Counterpart {
  std::string_view theirs;
  std::string_view section;
  std::string_view key;
  Unit unit = Unit::kSame;
};
constexpr Counterpart kCounterparts[] = {
    {"elasticsearch.host", "elasticsearch", "host"},
    {"elasticsearch.api_key", "elasticsearch", "api_key"},
    {"elasticsearch.username", "elasticsearch", "username"},
    {"elasticsearch.password", "elasticsearch", "password"},
    {"elasticsearch.verify_certs", "elasticsearch", "verify_certs"},
    {"elasticsearch.ca_certs", "elasticsearch", "ca_certs"},
    {"elasticsearch.request_timeout", "elasticsearch", "request_timeout"},
    {"elasticsearch.bulk.max_concurrency", "elasticsearch", "bulk_max_concurrency"},
    {"elasticsearch.bulk.chunk_max_mem_size", "elasticsearch", "bulk_max_bytes", Unit::kMebibytes},
    {"elasticsearch.bulk.chunk_size", "elasticsearch", "bulk_max_actions", Unit::kPairs},
    {"service.max_file_download_size", "extraction", "max_file_download_size"},
    {"extraction_service.host", "extraction_service", "host"},
    {"extraction_service.timeout", "extraction_service", "timeout"},
    {"extraction_service.use_file_pointers", "extraction_service", "use_file_pointers"},
    {"extraction_service.shared_volume_dir", "extraction_service", "shared_volume_dir"},
    {"configuration.path", "dropbox", "path"},
    {"configuration.app_key", "dropbox", "app_key"},
    {"configuration.app_secret", "dropbox", "app_secret"},
    {"configuration.refresh_token", "dropbox", "refresh_token"},
    {"configuration.retry_count", "dropbox", "retry_count"},
    {"configuration.concurrent_downloads", "dropbox", "concurrent_downloads"},
    {"configuration.use_text_extraction_service", "dropbox", "use_text_extraction_service"},
    {"configuration.use_document_level_security", "dropbox", "use_document_level_security"},
    {"configuration.include_inherited_users_and_groups", "dropbox",
     "include_inherited_users_and_groups"},
    {"index_name", "elasticsearch", "index"},
};

// Settings without a counterpart, and why dbx-es does not need them. The first prefix that matches
// counts.
struct NoCounterpart {
  std::string_view prefix;
  std::string_view why;
};
constexpr NoCounterpart kNoCounterparts[] = {
    {"elasticsearch.ssl", "the scheme of elasticsearch.host replaces it"},
    {"elasticsearch.log_level", "-v prints more, -q less"},
    {"elasticsearch.max_wait_duration", "see sync.give_up_after"},
    {"elasticsearch.initial_backoff_duration", "dbx-es waits for as long as the cluster asks"},
    {"elasticsearch.backoff_multiplier", "dbx-es waits for as long as the cluster asks"},
    {"elasticsearch.retry_on_timeout", "dbx-es always retries, see sync.give_up_after"},
    {"elasticsearch.max_retries", "see sync.give_up_after"},
    {"elasticsearch.retry_interval", "see sync.give_up_after"},
    {"elasticsearch.bulk.", "dbx-es has no queue to tune; its memory is bounded"},
    {"elasticsearch.headers", "dbx-es sends no headers of your own"},
    {"elasticsearch.feature_use_connectors_api", "dbx-es needs no connector in Elasticsearch"},
    {"extraction_service.stream_chunk_size", "files are sent whole"},
    {"service.", "dbx-es is no service; cron or a systemd timer starts it"},
    {"native_service_types", "dbx-es indexes only Dropbox"},
    {"sources.", "dbx-es indexes only Dropbox"},
    {"log_level", "-v prints more, -q less"},
};

// Members of a connector document that are its state, or are read elsewhere.
bool IsStateOfConnector(std::string_view path) {
  constexpr std::array<std::string_view, 31> kState{
      "id",
      "_id",
      "_index",
      "_seq_no",
      "_primary_term",
      "_version",
      "_score",
      "found",
      "api_key_id",
      "api_key_secret_id",
      "custom_scheduling",
      "dbx_es",  // what dbx-es itself has noted there
      "description",
      "error",
      "features",
      "is_native",
      "language",
      "last_access_control_sync_error",
      "last_access_control_sync_scheduled_at",
      "last_access_control_sync_status",
      "last_deleted_document_count",
      "last_incremental_sync_scheduled_at",
      "last_indexed_document_count",
      "last_seen",
      "last_sync_error",
      "last_sync_scheduled_at",
      "last_sync_status",
      "last_synced",
      "name",
      "status",
      "sync_cursor",
  };
  const std::string_view first = path.substr(0, path.find('.'));
  return std::find(kState.begin(), kState.end(), first) != kState.end() ||
         first == "service_type" || first == "sync_now" || first == "deleted";
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::optional<std::string> Scaled(const std::string& text, Unit unit) {
  if (unit == Unit::kSame) return text;
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (unit == Unit::kMebibytes) return fmt::format("{}MiB", number);
  // They count a header and its document as two.
  return fmt::format("{}", std::max<std::uint64_t>(1, number / 2));
}

class Importer {
 public:
  Importer(Values values, const std::string& name) : values_(std::move(values)), name_(name) {
    imported_.source = name;
    imported_.settings.origins.resize(OptionTable().size());
    imported_.settings.refused.resize(OptionTable().size());
  }

  Result<ImportedConfig> Import() {
    TRY(PickConnector());
    TRY(PickConfigured());
    for (const ConnectorValue& value : values_) Take(value);
    FinishCredentials();
    FinishPipeline();
    NoteOthers();
    if (taken_ == 0) {
      return Fail(ErrorKind::kConfig,
                  name_ +
                      ": it contains no setting of the connector; expected its config.yml, or a "
                      "connector document as returned by GET _connector/ID");
    }
    return std::move(imported_);
  }

 private:
  std::string Place(const ConnectorValue& value) const {
    return fmt::format("{}:{}", name_, value.line);
  }
  const ConnectorValue* Find(std::string_view path) const {
    const auto found = std::find_if(values_.begin(), values_.end(),
                                    [&](const auto& value) { return value.path == path; });
    return found == values_.end() ? nullptr : &*found;
  }
  bool IsTrue(std::string_view path, bool otherwise) const {
    const ConnectorValue* value = Find(path);
    return value == nullptr || value->is_null ? otherwise : value->text == "true";
  }

  // Moves a connector document to the top level, wherever it is in the file.
  Result<void> PickConnector() {
    std::set<std::string> prefixes;
    for (const ConnectorValue& value : values_) {
      const std::size_t at = ("." + value.path).find(".configuration.");
      if (at != std::string::npos) prefixes.insert(value.path.substr(0, at));
    }
    const bool several = prefixes.size() > 1;
    std::erase_if(prefixes, [&](const std::string& prefix) {
      const ConnectorValue* type = Find(prefix + "service_type");
      return several && type != nullptr && type->text != "dropbox";
    });
    if (prefixes.empty()) return {};
    if (prefixes.size() > 1) {
      return Fail(ErrorKind::kConfig,
                  fmt::format("{}: it contains {} Dropbox connectors; export one of them with GET "
                              "_connector/ID",
                              name_, prefixes.size()));
    }
    const std::string prefix = *prefixes.begin();
    const ConnectorValue* type = Find(prefix + "service_type");
    if (type != nullptr && type->text != "dropbox") {
      return Fail(ErrorKind::kConfig, fmt::format("{}: service_type is \"{}\", not \"dropbox\"",
                                                  Place(*type), type->text));
    }
    if (prefix.empty()) return {};
    std::erase_if(values_, [&](const auto& value) { return !StartsWith(value.path, prefix); });
    for (ConnectorValue& value : values_) value.path.erase(0, prefix.size());
    return {};
  }

  // The entry of config.yml for Dropbox.
  Result<void> PickConfigured() {
    std::vector<std::string> prefixes;
    for (const ConnectorValue& value : values_) {
      if (!StartsWith(value.path, "connectors.")) continue;
      const std::string prefix = value.path.substr(0, value.path.find('.', 11) + 1);
      if (value.path == prefix + "service_type" && value.text == "dropbox") {
        prefixes.push_back(prefix);
      }
    }
    if (prefixes.size() > 1) {
      imported_.notes.push_back(fmt::format(
          "connectors: {} of them are for Dropbox, and this file is for the first; each "
          "needs its own file and index",
          prefixes.size()));
    }
    if (prefixes.empty()) return {};
    if (const ConnectorValue* id = Find(prefixes.front() + "connector_id")) {
      imported_.notes.push_back(
          fmt::format("connectors: Elasticsearch stores the Dropbox settings of \"{}\"; save the "
                      "response to GET _connector/{}, and import that file, too",
                      id->text, id->text));
    }
    own_key_ = prefixes.front() + "api_key";
    return {};
  }

  void Take(const ConnectorValue& value) {
    std::string path = value.path;
    // Each setting of a connector is an object with a value, a label, a tooltip and more.
    if (StartsWith(path, "configuration.")) {
      const std::size_t dot = path.find('.', 14);
      if (dot != std::string::npos && path.substr(dot) != ".value") return;
      path = path.substr(0, dot);
    }
    if (path == own_key_) path = "elasticsearch.api_key";
    for (const Counterpart& counterpart : kCounterparts) {
      if (counterpart.theirs == path) return TakeSetting(value, counterpart);
    }
    if (StartsWith(path, "configuration.")) {
      imported_.notes.push_back(fmt::format("{} ({}): unknown to dbx-es", path, Place(value)));
      return;
    }
    others_.push_back(&value);
  }

  void TakeSetting(const ConnectorValue& value, const Counterpart& counterpart) {
    ++taken_;
    const OptionRow& row = *FindOption(counterpart.section, counterpart.key);
    if (value.is_null) return;
    if (value.text.find("${") != std::string::npos) {
      imported_.notes.push_back(
          fmt::format("{} ({}) comes from the environment: set {} there instead",
                      counterpart.theirs, Place(value), EnvironmentName(row)));
      return;
    }
    const bool is_folders = row.type == OptionType::kDropboxPaths;
    if (value.text.empty() && !is_folders) return;
    std::string text = Scaled(value.text, counterpart.unit).value_or(value.text);
    if (is_folders) text = FolderLines(text);
    Set(row, text, Place(value));
  }

  void Set(const OptionRow& row, const std::string& text, const std::string& origin) {
    LoadedConfig& settings = imported_.settings;
    ApplySetting(row, {RawValue::kText, text, origin}, settings);
    if (settings.Holds(row.section, row.key)) return;
    imported_.notes.push_back(settings.problems.back().message);
    settings.origins[IndexOf(row)].clear();
  }

  void Drop(std::string_view key) {
    const OptionRow& row = *FindOption("elasticsearch", key);
    imported_.settings.origins[IndexOf(row)].clear();
  }

  // The connector prefers the key; dbx-es accepts only one of both.
  void FinishCredentials() {
    if (!imported_.settings.Holds("elasticsearch", "api_key")) return;
    Drop("username");
    Drop("password");
  }

  void FinishPipeline() {
    const ConnectorValue* name = Find("pipeline.name");
    if (name == nullptr || name->is_null) return;
    Set(*FindOption("elasticsearch", "pipeline"), name->text, Place(*name));
    const bool reads = IsTrue("pipeline.extract_binary_content", true);
    if (!IsTrue("configuration.use_text_extraction_service.value", false)) {
      Set(*FindOption("extraction", "mode"), reads ? "pipeline" : "off", Place(*name));
    }
    if (IsTrue("pipeline.reduce_whitespace", true)) {
      Set(*FindOption("extraction", "reduce_whitespace"), "true", Place(*name));
    }
    if (reads) {
      imported_.notes.emplace_back(
          "extraction.mode = \"local\" would extract text on this machine, without a pipeline");
    }
  }

  void NoteOthers() {
    std::set<std::string> noted;
    bool rules = false;
    for (const ConnectorValue* value : others_) {
      const std::string& path = value->path;
      if (IsStateOfConnector(path) || StartsWith(path, "pipeline.")) continue;
      if (StartsWith(path, "connectors.") || path == "connector_id") continue;
      if (StartsWith(path, "filtering.")) {
        rules |= path.find(".active.rules.") != std::string::npos ||
                 path.find(".active.advanced_snippet.value.") != std::string::npos;
      } else if (StartsWith(path, "scheduling.")) {
        NoteSchedule(*value);
      } else if (noted.insert(path.substr(0, path.find('.', path.find('.') + 1))).second) {
        NoteOther(*value);
      }
    }
    if (!rules) return;
    imported_.notes.push_back(fmt::format(
        "filtering: save the rules with jq '.filtering[0].active' {} > rules.json, check "
        "them with dbx-es validate-rules rules.json, and set sync.rules to that file",
        name_));
  }

  void NoteSchedule(const ConnectorValue& value) {
    if (!value.path.ends_with(".interval")) return;
    const std::string kind = value.path.substr(11, value.path.size() - 20);
    if (!IsTrue("scheduling." + kind + ".enabled", false)) return;
    const std::string_view command = kind == "full"          ? "full-sync"
                                     : kind == "incremental" ? "incremental"
                                                             : "acl-sync";
    imported_.notes.push_back(
        fmt::format("scheduling.{}: \"{}\" becomes a line of a crontab or a "
                    "timer that runs dbx-es {}",
                    kind, value.text, command));
  }

  void NoteOther(const ConnectorValue& value) {
    for (const NoCounterpart& row : kNoCounterparts) {
      if (!StartsWith(value.path, row.prefix)) continue;
      imported_.notes.push_back(fmt::format("{} ({}): {}", value.path, Place(value), row.why));
      return;
    }
    imported_.notes.push_back(fmt::format("{} ({}): unknown to dbx-es", value.path, Place(value)));
  }

  Values values_;
  const std::string& name_;
  ImportedConfig imported_;
  std::string own_key_;  // the path of the API key of this connector
  std::vector<const ConnectorValue*> others_;
  int taken_ = 0;
};

// TOML allows no control character but tab in a comment.
std::string Comment(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; }, '?');
  return text;
}

}  // namespace

Result<ImportedConfig> ImportConnector(std::string_view text, const std::string& name) {
  auto values = ParseConnectorFile(text, name);
  if (!values) return Fail(values.error());
  return Importer(*std::move(values), name).Import();
}

std::string ImportedToml(const ImportedConfig& imported, bool with_secrets) {
  std::string toml = fmt::format("# From {}, by dbx-es config import.\n", Comment(imported.source));
  toml += SettingsToml(
      imported.settings,
      [&](const OptionRow& row) { return imported.settings.Holds(row.section, row.key); },
      with_secrets);
  if (!imported.notes.empty()) toml += "\n# Not imported:\n";
  for (const std::string& note : imported.notes) toml += fmt::format("# - {}\n", Comment(note));
  return toml;
}

}  // namespace dbxes::config

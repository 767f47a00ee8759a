// SPDX-License-Identifier: Apache-2.0
#include "config/config_loader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "config/cloud_id.h"
#include "config/config_file.h"
#include "config/config_secrets.h"
#include "config/config_trust.h"
#include "config/config_validator.h"
#include "config/kibana_settings.h"
#include "config/missing_settings.h"
#include "config/unknown_variable.h"

namespace dbxes::config {
namespace {

struct FileText {
  std::string path;  // "" if there is no configuration file
  std::string text;
};

Result<FileText> FindFile(const LoadRequest& request, const ConfigSources& sources) {
  if (request.config_file) {
    auto text = sources.read_file(*request.config_file);
    if (!text) return Fail(ErrorKind::kConfig, "configuration file: " + text.error().message);
    return FileText{*request.config_file, *std::move(text)};
  }
  for (const std::string& path : ConfigSearchPath(sources.environment)) {
    auto text = sources.read_file(path);
    if (text) return FileText{path, *std::move(text)};
    if (text.error().kind == ErrorKind::kNotFound) continue;
    // A file that exists but cannot be read must not be skipped.
    return Fail(ErrorKind::kConfig, "configuration file: " + text.error().message);
  }
  return FileText{};
}

class Loader {
 public:
  Loader(const LoadRequest& request, const ConfigSources& sources)
      : request_(request), sources_(sources) {
    loaded_.origins.resize(OptionTable().size());
    loaded_.refused.resize(OptionTable().size());
  }

  LoadedConfig Load() {
    ApplyDefaults();
    const bool readable = ReadFile();
    ApplyEnvironment();
    for (const FlagSetting& flag : request_.flags) {
      Apply(*flag.row,
            {RawValue::kText, flag.text, fmt::format("flag {}", flag.row->flag), flag.all});
    }
    ApplyCloudId();
    ApplySecretSources(request_, sources_, loaded_);
    const bool asks = request_.asks_kibana != AskKibana::kNo;
    if (request_.for_a_run || asks) {
      contradictions_ = CheckLocal(loaded_, request_, sources_);
      std::ranges::move(CheckGiven(loaded_, request_), std::back_inserter(contradictions_));
    }
    // Before a key that is refused could be used.
    CheckInputs(sources_, loaded_);
    ApplyKibanaSettings(request_, sources_, contradictions_.empty(), loaded_);
    ApplyServiceSwitch();
    ApplyPipelineDefault();
    // Missing settings may be in the file that cannot be read.
    if (request_.for_a_run && readable) Validate();
    if (request_.reports_contradictions && readable) ReportContradictions();
    return std::move(loaded_);
  }

 private:
  bool ReadFile() {
    auto file = FindFile(request_, sources_);
    if (!file) {
      loaded_.problems.push_back({file.error().message});
      return false;
    }
    loaded_.config.config_file = file->path;
    if (file->path.empty()) return true;
    auto parsed = ParseConfigFile(file->text, file->path);
    if (parsed) {
      ApplyFile(*parsed);
    } else {
      loaded_.problems.push_back({parsed.error().message});
    }
    return parsed.has_value();
  }

  // Another name for the host.
  void ApplyCloudId() {
    const OptionRow& row = *FindOption("elasticsearch", "cloud_id");
    const OptionRow& host = *FindOption("elasticsearch", "host");
    if (!loaded_.Holds("elasticsearch", "cloud_id")) return;
    const std::string origin = loaded_.OriginOf(row);
    if (!loaded_.OriginOf(host).empty()) {
      loaded_.problems.push_back(
          {fmt::format("{} ({}) and {} ({}) exclude each other; remove one", SettingName(row),
                       origin, SettingName(host), loaded_.OriginOf(host))});
      return;
    }
    const auto url = UrlOfCloudId(loaded_.config.elasticsearch.cloud_id);
    if (url) return Apply(host, {RawValue::kText, *url, origin});
    loaded_.problems.push_back(
        {fmt::format("{}: {}: {}", origin, SettingName(row), url.error().message)});
    // The host must not be reported as missing, too.
    const auto number = static_cast<std::size_t>(&host - OptionTable().data());
    loaded_.refused[number] = true;
    loaded_.origins[number] = origin;
  }
  // The switch of Elastic's connector is another name for the mode.
  void ApplyServiceSwitch() {
    if (!loaded_.config.dropbox.use_text_extraction_service) return;
    const OptionRow& mode = *FindOption("extraction", "mode");
    const std::string& origin =
        loaded_.OriginOf(*FindOption("dropbox", "use_text_extraction_service"));
    const std::string& given = loaded_.OriginOf(mode);
    if (given == "default") return Apply(mode, {RawValue::kText, "service", origin});
    if (loaded_.config.extraction.mode == ExtractionMode::kService) return;
    loaded_.problems.push_back({fmt::format(
        "dropbox.use_text_extraction_service ({}) and extraction.mode = \"{}\" ({}) exclude each "
        "other; remove one",
        origin, ToString(loaded_.config.extraction.mode), given)});
  }
  // The name that Elastic's connectors use. An empty name in the configuration is kept.
  void ApplyPipelineDefault() {
    const OptionRow& row = *FindOption("elasticsearch", "pipeline");
    const bool given = !loaded_.OriginOf(row).empty();
    if (given || loaded_.config.extraction.mode != ExtractionMode::kPipeline) return;
    Apply(row, {RawValue::kText, "search-default-ingestion", "default"});
  }

  void Apply(const OptionRow& row, const RawValue& value) { ApplySetting(row, value, loaded_); }

  void ApplyDefaults() {
    for (const OptionRow& row : OptionTable()) {
      if (row.default_text.empty()) continue;
      Apply(row, {RawValue::kText, std::string(row.default_text), "default"});
    }
    const std::string state_dir = DefaultStateDir(sources_.environment);
    if (!state_dir.empty()) {
      // Other folders that can be the default are absolute.
      const char* origin = state_dir.starts_with('/') ? "default" : "environment STATE_DIRECTORY";
      Apply(*FindOption("sync", "state_dir"), {RawValue::kText, state_dir, origin});
    }
  }

  void ApplyFile(const ConfigFile& file) {
    for (const std::string& problem : file.problems) loaded_.problems.push_back({problem});
    bool holds_secrets = false;
    for (const FileSetting& setting : file.settings) {
      Apply(*setting.row, setting.value);
      holds_secrets |= setting.row->IsSecret();
    }
    if (holds_secrets) WarnOfReaders(sources_, loaded_.config.config_file, loaded_);
    WarnOfWriters();
  }

  // A user who can change the configuration can send the index, and run commands, anywhere.
  void WarnOfWriters() {
    const std::string& path = loaded_.config.config_file;
    loaded_.changeable = sources_.changeable(path);
    if (loaded_.changeable.empty()) return;
    loaded_.warnings.push_back(
        fmt::format("other users can change the configuration {}: {}", path, loaded_.changeable));
  }

  void ApplyEnvironment() {
    std::vector<std::string> names;
    for (const OptionRow& row : OptionTable()) {
      names.push_back(EnvironmentName(row));
      const auto found = sources_.environment.find(names.back());
      // An empty variable counts as unset: container files pass `${X:-}` through.
      if (found == sources_.environment.end() || found->second.empty()) continue;
      Apply(row, {RawValue::kText, found->second, "environment " + names.back()});
    }
    WarnOfUnknown(names);
  }

  void WarnOfUnknown(const std::vector<std::string>& names) {
    for (const auto& [name, text] : sources_.environment) {
      if (text.empty() || std::find(names.begin(), names.end(), name) != names.end()) continue;
      if (const std::string warning = UnknownVariable(name, text, names); !warning.empty()) {
        loaded_.warnings.push_back(warning);
      }
    }
  }

  void Validate() {
    std::vector<const OptionRow*> missing = MissingSettings(loaded_, request_);
    for (std::string& problem : CheckForm(loaded_, request_, sources_)) {
      loaded_.problems.push_back({std::move(problem)});
    }
    for (std::string& problem : contradictions_) loaded_.problems.push_back({std::move(problem)});
    const bool asked = loaded_.problems.empty();
    const bool lacks_kibana = LeaveToKibana(missing) && asked;
    for (ConfigProblem& problem : DescribeMissing(missing, loaded_, request_, sources_)) {
      loaded_.problems.push_back(std::move(problem));
    }
    if (!lacks_kibana) return;
    loaded_.problems.push_back(
        {"the settings in Kibana cannot be read: " + loaded_.config.connector.unread, "",
         loaded_.kibana_trouble});
  }

  void ReportContradictions() {
    for (std::string& problem : CheckForm(loaded_, request_, sources_)) {
      loaded_.problems.push_back({std::move(problem)});
    }
    for (std::string& problem : CheckLocal(loaded_, request_, sources_)) {
      loaded_.problems.push_back({std::move(problem)});
    }
  }

  // Whether the command cannot do without the connector, which could not be read. What may be there
  // is not reported as missing.
  bool LeaveToKibana(std::vector<const OptionRow*>& missing) const {
    if (loaded_.config.connector.unread.empty()) return false;
    const auto may_be_there = [](const OptionRow* row) { return IsInKibanaForm(*row); };
    return std::erase_if(missing, may_be_there) > 0 || request_.asks_kibana == AskKibana::kToShow;
  }

  const LoadRequest& request_;
  const ConfigSources& sources_;
  LoadedConfig loaded_;
  std::vector<std::string> contradictions_;
};

}  // namespace

const std::string& LoadedConfig::OriginOf(const OptionRow& row) const {
  return origins[IndexOf(row)];
}

bool LoadedConfig::Holds(std::string_view section, std::string_view key) const {
  const OptionRow& row = *FindOption(section, key);
  return !OriginOf(row).empty() && !refused[IndexOf(row)];
}

std::string ConfigProblem::Text() const {
  if (advice.empty()) return message;
  if (advice.find('\n') == std::string::npos) return message + "; " + advice;
  std::string text = message + ".\n  ";
  for (const char c : advice) {
    text += c;
    if (c == '\n') text += "  ";
  }
  return text;
}

std::string TextOf(const std::vector<ConfigProblem>& problems) {
  std::string text;
  for (const ConfigProblem& problem : problems) {
    text += (text.empty() ? "" : "\n") + problem.Text();
  }
  return text;
}

LoadedConfig InspectConfig(const LoadRequest& request, const ConfigSources& sources) {
  return Loader(request, sources).Load();
}

Result<LoadedConfig> LoadConfig(const LoadRequest& request, const ConfigSources& sources) {
  LoadedConfig loaded = InspectConfig(request, sources);
  if (loaded.problems.empty()) return loaded;
  const bool one = loaded.problems.size() == 1;
  return Fail(one ? loaded.problems.front().kind : ErrorKind::kConfig, TextOf(loaded.problems));
}

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
#include "config/config_loader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "config/config_file.h"
#include "config/config_validator.h"
#include "config/nearest.h"
#include "config/option_value.h"

namespace dbxes {
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
    // A file that is there but cannot be read was meant to count.
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

  Result<LoadedConfig> Load() {
    auto file = FindFile(request_, sources_);
    if (!file) return Fail(file.error());
    loaded_.config.config_file = file->path;
    ApplyDefaults();
    if (!file->path.empty()) {
      auto parsed = ParseConfigFile(file->text, file->path);
      if (!parsed) return Fail(parsed.error());
      ApplyFile(*parsed);
    }
    ApplyEnvironment();
    for (const FlagSetting& flag : request_.flags) {
      Apply(*flag.row, {RawValue::kText, flag.text, fmt::format("flag {}", flag.row->flag)});
    }
    ApplyServiceSwitch();
    ApplyPipelineDefault();
    ApplySecretFiles();
    return Finish();
  }

 private:
  static std::size_t NumberOf(const OptionRow& row) {
    return static_cast<std::size_t>(&row - OptionTable().data());
  }
  // The switch of Elastic's connector is another name for the mode.
  void ApplyServiceSwitch() {
    if (!loaded_.config.dropbox.use_text_extraction_service) return;
    const OptionRow& mode = *FindOption("extraction", "mode");
    const std::string& origin =
        loaded_.origins[NumberOf(*FindOption("dropbox", "use_text_extraction_service"))];
    const std::string& given = loaded_.origins[NumberOf(mode)];
    if (given == "default") return Apply(mode, {RawValue::kText, "service", origin});
    if (loaded_.config.extraction.mode == ExtractionMode::kService) return;
    problems_.push_back(fmt::format(
        "dropbox.use_text_extraction_service ({}) and extraction.mode = \"{}\" ({}) exclude each "
        "other; remove one",
        origin, ToString(loaded_.config.extraction.mode), given));
  }
  // The name under which Elastic's own connectors look for it; an empty one is what somebody wants.
  void ApplyPipelineDefault() {
    const OptionRow& row = *FindOption("elasticsearch", "pipeline");
    const bool given = !loaded_.origins[NumberOf(row)].empty();
    if (given || loaded_.config.extraction.mode != ExtractionMode::kPipeline) return;
    Apply(row, {RawValue::kText, "search-default-ingestion", "default"});
  }

  std::string& OriginOf(const OptionRow& row) {
    return loaded_.origins[static_cast<std::size_t>(&row - OptionTable().data())];
  }

  void ApplySecretFiles() {
    const OptionRow& token_file = *FindOption("dropbox", "refresh_token_file");
    if (OriginOf(token_file).empty()) {
      loaded_.config.dropbox.refresh_token_file =
          DefaultRefreshTokenFile(loaded_.config.state_dir, loaded_.config.config_file);
      OriginOf(token_file) = "default";
    }
    for (const OptionRow& row : OptionTable()) {
      if (!row.file_of.empty()) ApplySecretFile(row);
    }
  }

  void ApplySecretFile(const OptionRow& row) {
    const auto* field = std::get_if<std::string& (*)(Config&)>(&row.field);
    const std::string& path = (*field)(loaded_.config);
    const OptionRow& secret = *FindOption(row.section, row.file_of);
    const bool is_default = OriginOf(row) == "default";
    if (path.empty()) return;
    if (!OriginOf(secret).empty()) {
      if (is_default) return;
      problems_.push_back(fmt::format("{} ({}) and {} ({}) exclude each other; remove one",
                                      SettingName(secret), OriginOf(secret), SettingName(row),
                                      OriginOf(row)));
      return;
    }
    if (row.file_of == "refresh_token" && !request_.needs_refresh_token) return;
    auto text = sources_.read_file(path);
    if (text) return ApplySecretText(secret, path, *std::move(text));
    // Auth has not been run yet; whoever needs the token is told of it.
    if (is_default && text.error().kind == ErrorKind::kNotFound) return;
    problems_.push_back(
        fmt::format("{}: {}: {}", OriginOf(row), SettingName(row), text.error().message));
  }

  void ApplySecretText(const OptionRow& secret, const std::string& path, std::string text) {
    // Every editor ends a file with a line break.
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    WarnOfReaders(path);
    Apply(secret, {RawValue::kText, std::move(text), path});
  }

  // A group may read it: a service account that does not own its files is good practice.
  void WarnOfReaders(const std::string& path) {
    const std::optional<unsigned> mode = sources_.file_mode(path);
    constexpr unsigned kTooOpen = 0027;
    if (!mode || (*mode & kTooOpen) == 0) return;
    loaded_.warnings.push_back(
        fmt::format("{} holds secrets, but others than its owner and group can read it, or others "
                    "than its owner can change it (mode {:04o}); run: chmod 600 {}",
                    path, *mode, path));
  }

  void Apply(const OptionRow& row, const RawValue& value) {
    const std::size_t number = NumberOf(row);
    const auto done = AssignOption(row, value, loaded_.config);
    if (!done) problems_.push_back(done.error().message);
    // A wrong value counts as given: it must not be reported as missing or empty, too.
    loaded_.refused[number] = !done.has_value();
    loaded_.origins[number] = value.origin;
  }

  void ApplyDefaults() {
    for (const OptionRow& row : OptionTable()) {
      if (row.default_text.empty()) continue;
      Apply(row, {RawValue::kText, std::string(row.default_text), "default"});
    }
    const std::string state_dir = DefaultStateDir(sources_.environment);
    if (!state_dir.empty()) {
      Apply(*FindOption("sync", "state_dir"), {RawValue::kText, state_dir, "default"});
    }
  }

  void ApplyFile(const ConfigFile& file) {
    problems_.insert(problems_.end(), file.problems.begin(), file.problems.end());
    bool holds_secrets = false;
    for (const FileSetting& setting : file.settings) {
      Apply(*setting.row, setting.value);
      holds_secrets |= setting.row->IsSecret();
    }
    if (holds_secrets) WarnOfReaders(loaded_.config.config_file);
  }

  void ApplyEnvironment() {
    std::vector<std::string> names;
    for (const OptionRow& row : OptionTable()) {
      names.push_back(EnvironmentName(row));
      const auto found = sources_.environment.find(names.back());
      // An empty variable counts as unset, as in container files that pass `${X:-}` through.
      if (found == sources_.environment.end() || found->second.empty()) continue;
      Apply(row, {RawValue::kText, found->second, "environment " + names.back()});
    }
    WarnOfMisspelled(names);
  }

  // Container platforms set DBX_ES_... variables of their own, so only a near miss is reported, and
  // only as a warning.
  void WarnOfMisspelled(const std::vector<std::string>& names) {
    for (const auto& [name, text] : sources_.environment) {
      if (!name.starts_with("DBX_ES_")) continue;
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      const std::string nearest = Nearest(name, names);
      if (nearest.empty() || EditDistance(name, nearest) > 1) continue;
      loaded_.warnings.push_back(
          fmt::format("environment variable {} is not known; did you mean {}?", name, nearest));
    }
  }

  Result<LoadedConfig> Finish() {
    std::vector<const OptionRow*> missing = MissingSettings(loaded_, request_);
    for (std::string& problem : CrossCheck(loaded_, request_, sources_)) {
      problems_.push_back(std::move(problem));
    }
    if (!missing.empty()) problems_.push_back(DescribeMissing(missing));
    if (problems_.empty()) return std::move(loaded_);
    return Fail(ErrorKind::kConfig, fmt::format("{}", fmt::join(problems_, "\n")));
  }

  std::string DescribeMissing(const std::vector<const OptionRow*>& missing) const {
    std::vector<std::string> settings;
    std::vector<std::string> variables;
    for (const OptionRow* row : missing) {
      settings.push_back(SettingName(*row));
      variables.push_back(EnvironmentName(*row));
    }
    const std::string required =
        fmt::format("required settings missing: {}", fmt::join(settings, ", "));
    const bool token = std::any_of(missing.begin(), missing.end(), [](const OptionRow* row) {
      return row->key == "refresh_token";
    });
    const std::string advice = token ? "; 'dbx-es auth' gets the refresh token" : "";
    const std::string& file = loaded_.config.config_file;
    if (!file.empty()) {
      return fmt::format("{}; add them to {} or set {}{}", required, file,
                         fmt::join(variables, ", "), advice);
    }
    return fmt::format(
        "no configuration: looked in {}; {}; write one of these files (see dbx-es.toml(5)), name "
        "another with --config, or set {}{}",
        fmt::join(ConfigSearchPath(sources_.environment), " and "), required,
        fmt::join(variables, ", "), advice);
  }

  const LoadRequest& request_;
  const ConfigSources& sources_;
  LoadedConfig loaded_;
  std::vector<std::string> problems_;
};

}  // namespace

Result<LoadedConfig> LoadConfig(const LoadRequest& request, const ConfigSources& sources) {
  return Loader(request, sources).Load();
}

}  // namespace dbxes

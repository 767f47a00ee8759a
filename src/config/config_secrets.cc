// SPDX-License-Identifier: Apache-2.0
#include "config/config_secrets.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "config/config_trust.h"

namespace dbxes::config {
namespace {

class SecretSources {
 public:
  SecretSources(const LoadRequest& request, const ConfigSources& sources, LoadedConfig& loaded)
      : request_(request), sources_(sources), loaded_(loaded) {}

  void Apply() {
    for (const OptionRow& row : OptionTable()) {
      if (!row.file_of.empty()) ApplyFile(row);
      if (!row.command_of.empty()) ApplyCommand(row);
    }
    for (const OptionRow& row : OptionTable()) {
      if (row.IsSecret() && OriginOf(row).empty() && IsNeeded(row)) ApplyCredential(row);
    }
    ApplyFileOfAuth();
    DropboxConfig& dropbox = loaded_.config.dropbox;
    dropbox.refresh_token_override = Override();
    const std::string_view origin = dropbox.refresh_token_override;
    dropbox.refresh_token_in_no_file =
        origin.starts_with("command of ") || origin.starts_with("credential ");
    dropbox.access_token_file =
        AccessTokenFile(loaded_.config.state_dir, sources_.absolute(loaded_.config.config_file));
  }

 private:
  const std::string& OriginOf(const OptionRow& row) const { return loaded_.OriginOf(row); }
  bool IsNeeded(const OptionRow& secret) const {
    return secret.key != "refresh_token" || request_.needs_refresh_token;
  }
  static const std::string& PathOf(const OptionRow& row, Config& config) {
    return std::get<std::string& (*)(Config&)>(row.field)(config);
  }

  // Whether another source has already set the secret, which is a problem.
  bool IsTaken(const OptionRow& secret, const OptionRow& row) {
    if (OriginOf(secret).empty()) return false;
    loaded_.problems.push_back(
        {fmt::format("{} ({}) and {} ({}) exclude each other; remove one", SettingName(secret),
                     OriginOf(secret), SettingName(row), OriginOf(row))});
    return true;
  }

  void ApplyFile(const OptionRow& row) {
    const std::string& path = PathOf(row, loaded_.config);
    const OptionRow& secret = *FindOption(row.section, row.file_of);
    if (path.empty() || IsTaken(secret, row) || !IsNeeded(secret)) return;
    auto text = sources_.read_file(path);
    if (text) return ApplyText(row, secret, path, *std::move(text));
    loaded_.problems.push_back(
        {fmt::format("{}: {}: {}", OriginOf(row), SettingName(row), text.error().message)});
  }

  void ApplyCommand(const OptionRow& row) {
    const auto command = loaded_.commands.find(&row);
    const OptionRow& secret = *FindOption(row.section, row.command_of);
    if (command == loaded_.commands.end() || IsTaken(secret, row) || !IsNeeded(secret)) return;
    const bool runs = request_.for_a_run || ReadsState(row);
    if (const std::string why = WhyNotToRun(command->second); runs && !why.empty()) {
      return RefuseToRun(row, secret, why);
    }
    if (runs) return Run(row, secret, command->second);
    loaded_.origins[IndexOf(secret)] = "command of " + OriginOf(row);
    loaded_.refused[IndexOf(secret)] = true;
    if (row.section == "elasticsearch") {
      loaded_.config.elasticsearch.command_not_run = SettingName(row);
    }
  }

  // A state in the cluster, and a connector, are read with the cluster's secrets.
  bool ReadsState(const OptionRow& row) const {
    const Config& config = loaded_.config;
    const bool reads_connector =
        request_.asks_kibana != AskKibana::kNo && !config.connector.id.empty();
    const bool asks = config.sync.state == StateKind::kCluster || reads_connector;
    return request_.reads_state && row.section == "elasticsearch" && asks;
  }

  // Who can change the command, or the program that it names by its path; "" if nobody can.
  std::string WhyNotToRun(const RawValue& command) const {
    const bool from_file = command.origin.starts_with(loaded_.config.config_file + ":");
    if (from_file && !loaded_.changeable.empty()) return loaded_.changeable;
    const std::string program = CommandWords(command).front();
    return program.starts_with('/') ? sources_.changeable_by_anybody(program) : "";
  }

  void RefuseToRun(const OptionRow& row, const OptionRow& secret, const std::string& why) {
    loaded_.problems.push_back(
        {fmt::format("{}: {} is not run, because other users can change it: {}", OriginOf(row),
                     SettingName(row), why)});
    // The secret must not be reported as missing, too.
    loaded_.origins[IndexOf(secret)] = OriginOf(row);
    loaded_.refused[IndexOf(secret)] = true;
  }

  void Run(const OptionRow& row, const OptionRow& secret, const RawValue& command) {
    auto text = sources_.run_command(CommandWords(command));
    if (text && text->find_first_not_of("\r\n") == std::string::npos) {
      text = Fail(ErrorKind::kConfig, "it printed nothing");
    }
    if (text) return ApplyValue(secret, "command of " + OriginOf(row), *std::move(text));
    loaded_.problems.push_back(
        {fmt::format("{}: {}: {}", OriginOf(row), SettingName(row), text.error().message)});
    // The secret must not be reported as missing, too.
    loaded_.origins[IndexOf(secret)] = OriginOf(row);
    loaded_.refused[IndexOf(secret)] = true;
  }

  // systemd.exec(5): one file for each credential. "" outside of a unit with credentials.
  std::string CredentialPath(const OptionRow& secret) const {
    const auto folder = sources_.environment.find("CREDENTIALS_DIRECTORY");
    if (folder == sources_.environment.end() || folder->second.empty()) return "";
    return fmt::format("{}/{}", folder->second, SettingName(secret));
  }

  void ApplyCredential(const OptionRow& secret) {
    const std::string path = CredentialPath(secret);
    if (path.empty()) return;
    auto text = sources_.read_file(path);
    if (text) return ApplyValue(secret, "credential " + path, *std::move(text));
    if (text.error().kind == ErrorKind::kNotFound) return;
    loaded_.problems.push_back({"systemd credential: " + text.error().message});
  }

  void ApplyFileOfAuth() {
    const OptionRow& row = *FindOption("dropbox", "refresh_token_file");
    if (!OriginOf(row).empty()) return;
    std::string& path = loaded_.config.dropbox.refresh_token_file;
    path = DefaultRefreshTokenFile(loaded_.config.state_dir,
                                   sources_.absolute(loaded_.config.config_file));
    loaded_.origins[IndexOf(row)] = "default";
    const OptionRow& secret = *FindOption("dropbox", "refresh_token");
    if (path.empty() || !OriginOf(secret).empty() || !request_.needs_refresh_token) return;
    auto text = sources_.read_file(path);
    if (text) return ApplyText(row, secret, path, *std::move(text));
    // Auth has not been run yet; DescribeMissing reports that.
    if (text.error().kind == ErrorKind::kNotFound) return;
    loaded_.problems.push_back(
        {fmt::format("{}: {}: {}", OriginOf(row), SettingName(row), text.error().message)});
  }

  // The origin of a refresh token that does not come from the file that auth writes. Commands and
  // credentials count although auth itself does not read them.
  std::string Override() const {
    const OptionRow& file = *FindOption("dropbox", "refresh_token_file");
    const std::string& origin = OriginOf(*FindOption("dropbox", "refresh_token"));
    if (!origin.empty()) {
      return origin == loaded_.config.dropbox.refresh_token_file ? "" : origin;
    }
    const auto command = loaded_.commands.find(FindOption("dropbox", "refresh_token_command"));
    if (command != loaded_.commands.end()) return "command of " + command->second.origin;
    const std::string path = CredentialPath(*FindOption("dropbox", "refresh_token"));
    const bool found = OriginOf(file) == "default" && !path.empty() && sources_.read_file(path);
    return found ? "credential " + path : "";
  }

  // A secret that another user has chosen leads to that user's Dropbox or cluster.
  void ApplyText(const OptionRow& row, const OptionRow& secret, const std::string& path,
                 std::string text) {
    if (RefuseChangeable(sources_, row, path, loaded_)) {
      // The secret must not be reported as missing, too.
      loaded_.origins[IndexOf(secret)] = path;
      loaded_.refused[IndexOf(secret)] = true;
      return;
    }
    WarnOfReaders(sources_, path, loaded_);
    ApplyValue(secret, path, std::move(text));
  }

  void ApplyValue(const OptionRow& secret, const std::string& origin, std::string text) {
    // Every editor ends a file with a line break.
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    ApplySetting(secret, {RawValue::kText, std::move(text), origin}, loaded_);
  }

  const LoadRequest& request_;
  const ConfigSources& sources_;
  LoadedConfig& loaded_;
};

// No service has such a secret; it would refuse the credential without a hint.
std::string_view UnfitSecret(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  if (text.starts_with("\xef\xbb\xbf")) {
    return "begins with a byte order mark: save the file as UTF-8 without it";
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return "is in UTF-16: save the file as UTF-8 without a byte order mark";
  }
  if (text.empty()) return "";
  if (kBlanks.find(text.front()) != std::string_view::npos) return "begins with a blank: remove it";
  if (kBlanks.find(text.back()) != std::string_view::npos) return "ends with a blank: remove it";
  return "";
}

}  // namespace

void ApplySetting(const OptionRow& row, const RawValue& value, LoadedConfig& loaded) {
  auto done = AssignOption(row, value, loaded.config);
  const std::string_view unfit = row.IsSecret() ? UnfitSecret(value.text) : "";
  if (done && !unfit.empty()) {
    done =
        Fail(ErrorKind::kConfig, fmt::format("{}: {} {}", value.origin, SettingName(row), unfit));
  }
  if (!done) loaded.problems.push_back({done.error().message});
  if (done && row.type == OptionType::kCommand) loaded.commands[&row] = value;
  // A wrong value must not be reported as missing or empty, too.
  loaded.refused[IndexOf(row)] = !done.has_value();
  loaded.origins[IndexOf(row)] = value.origin;
}

// A group may read it: service accounts often do not own their files.
void WarnOfReaders(const ConfigSources& sources, const std::string& path, LoadedConfig& loaded) {
  const std::optional<unsigned> mode = sources.file_mode(path);
  constexpr unsigned kTooOpen = 0027;
  if (!mode || (*mode & kTooOpen) == 0) return;
  loaded.warnings.push_back(
      fmt::format("{} contains secrets, but other users can read or change it (mode {:04o}); run: "
                  "chmod 600 {}",
                  path, *mode, path));
}

void ApplySecretSources(const LoadRequest& request, const ConfigSources& sources,
                        LoadedConfig& loaded) {
  SecretSources(request, sources, loaded).Apply();
}

}  // namespace dbxes::config

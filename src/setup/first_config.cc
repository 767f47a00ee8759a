// SPDX-License-Identifier: Apache-2.0
#include "setup/first_config.h"

#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "base/http/event_loop.h"
#include "base/os/file_system.h"
#include "base/random.h"
#include "config/settings_toml.h"
#include "elastic/client.h"
#include "elastic/meaning.h"
#include "setup/api_key.h"
#include "setup/questions.h"

namespace dbxes::setup {
namespace {

Result<void> RequireNewFile(FileSystem& files, const std::string& path) {
  const auto there = files.ReadRange(path, 0, 1);
  if (!there && there.error().kind == ErrorKind::kNotFound) return {};
  return Fail(ErrorKind::kConfig,
              fmt::format("{} already exists; change it, or name a new file with --config", path));
}

// What was asked for or given by a flag; a trace is for single runs.
bool BelongsInFile(const config::LoadedConfig& loaded, const config::OptionRow& row) {
  const std::string& origin = loaded.OriginOf(row);
  return (origin == kAnswer || origin.starts_with("flag ")) && row.key != "trace";
}

std::string FileText(const config::LoadedConfig& loaded) {
  return "# Made by dbx-es init. dbx-es.toml(5) describes all settings.\n" +
         config::SettingsToml(
             loaded, [&](const config::OptionRow& row) { return BelongsInFile(loaded, row); },
             /*with_secrets=*/true);
}

// What would be loaded if the file had this text.
config::LoadedConfig LoadWith(std::string text, const config::LoadRequest& request,
                              const config::ConfigSources& sources, const std::string& file) {
  config::LoadRequest with_file = request;
  with_file.config_file = file;
  config::ConfigSources with_text = sources;
  with_text.read_file = [&sources, &file, text = std::move(text)](const std::string& path) {
    return path == file ? Result<std::string>(text) : sources.read_file(path);
  };
  with_text.file_mode = [&sources, &file](const std::string& path) {
    return path == file ? std::optional<unsigned>(0600) : sources.file_mode(path);
  };
  return config::InspectConfig(with_file, with_text);
}

// Replaces `name`, which ends with a line number, where it is not the beginning of a longer one.
void Rename(std::string_view name, std::string_view to, std::string& text) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    const std::size_t end = at + name.size();
    const bool longer = end < text.size() && text[end] >= '0' && text[end] <= '9';
    if (!longer) text.replace(at, name.size(), to);
    at += longer ? name.size() : to.size();
  }
}

// `loaded`: the settings of `known`, as they will be in the file. That file does not exist yet, so
// a problem names where a value came from, and not its line.
Result<void> RequireValid(const config::LoadedConfig& loaded, const config::LoadedConfig& known) {
  if (loaded.problems.empty()) return {};
  std::string text = config::TextOf(loaded.problems);
  for (const config::OptionRow& row : config::OptionTable()) {
    const std::string& line = loaded.OriginOf(row);
    if (BelongsInFile(known, row) && !line.empty()) Rename(line, known.OriginOf(row), text);
  }
  return Fail(ErrorKind::kConfig, text);
}

bool HasCredential(const config::LoadedConfig& loaded) {
  for (const char* key : {"api_key", "username", "client_cert"}) {
    if (loaded.Holds("elasticsearch", key)) return true;
  }
  return false;
}

// Another server than the cluster is a likely reason for an answer that is about neither the user
// nor the key.
Error WithoutKey(const Error& error) {
  Error whole = WithContext(error, "the API key could not be made");
  const bool stranger = error.kind == ErrorKind::kConfig || error.kind == ErrorKind::kNotFound;
  if (stranger && error.http_status >= 400) {
    whole.message += "; check that elasticsearch.host is the address of the cluster itself";
  }
  return whole;
}

// Returns nothing if the cluster says that it makes no keys. Any other answer, or none, is an
// error: the password may not be stored for it.
Result<std::optional<config::Secret>> MakeKey(Environment& environment,
                                              const config::LoadedConfig& as_user,
                                              report::Reporter& reporter) {
  EventLoop loop(environment.http, environment.clock, environment.stop_signal);
  elastic::Client client(loop, as_user.config.elasticsearch, as_user.config.sync,
                         SeedOf(environment.seed, "elasticsearch"));
  auto key = MakeApiKey(client, as_user.config);
  if (key) return *std::move(key);
  if (!elastic::LacksApiKeys(key.error())) return Fail(WithoutKey(key.error()));
  reporter.Warn("this cluster makes no API keys, so the user name and the password are stored: " +
                key.error().message);
  return std::nullopt;
}

// The credential of the user, for which every rule of a run counts: a password must not be sent in
// clear either.
Result<void> UseUser(config::LoadedConfig& loaded, const std::string& user,
                     const std::string& password) {
  TRY(Answer(loaded, "elasticsearch", "username", user));
  return Answer(loaded, "elasticsearch", "password", password);
}

// A path that is relative to this folder would mean another file in each folder.
config::LoadRequest WithAbsolutePaths(config::LoadRequest request,
                                      const config::ConfigSources& sources) {
  for (config::FlagSetting& flag : request.flags) {
    const config::OptionType type = flag.row->type;
    const bool names_file =
        type == config::OptionType::kFile || type == config::OptionType::kDirectory;
    if (names_file && !flag.text.empty()) flag.text = sources.absolute(flag.text);
  }
  return request;
}

class FirstConfig {
 public:
  FirstConfig(Environment& environment, const config::LoadRequest& request,
              const config::ConfigSources& sources, const FirstConfigOptions& options,
              report::Reporter& reporter)
      : environment_(environment),
        request_(request),
        sources_(sources),
        options_(options),
        reporter_(reporter) {}

  Result<config::LoadedConfig> Write() {
    TRY(RequireNewFile(environment_.files, options_.file));
    config::LoadRequest lenient = request_;
    lenient.for_a_run = false;
    config::LoadedConfig known = LoadWith("", lenient, sources_, options_.file);
    TRY(RequireValid(known, known));
    if (!options_.app_key.empty()) TRY(Answer(known, "dropbox", "app_key", options_.app_key));
    TRY(AskForSettings(known, environment_.console, reporter_));
    TRY(AddCredential(known));
    config::LoadedConfig complete = Load(known);
    TRY(RequireValid(complete, known));
    TRY(Store(FileText(known)));
    return complete;
  }

 private:
  config::LoadedConfig Load(const config::LoadedConfig& known) const {
    return LoadWith(FileText(known), request_, sources_, options_.file);
  }

  Result<void> AddCredential(config::LoadedConfig& known) {
    if (HasCredential(known)) return {};
    std::string user = options_.username;
    if (user.empty()) {
      TRY_ASSIGN(const std::string key,
                 AskForSecret("API key of the cluster, encoded (empty to make one):",
                              environment_.console, reporter_));
      if (!key.empty()) return Answer(known, "elasticsearch", "api_key", key);
      reporter_.Instruct("User who may make API keys, such as elastic:");
      TRY_ASSIGN(auto line, environment_.console.read_line());
      user = std::move(line).value_or("");
    }
    if (user.empty()) {
      return Fail(ErrorKind::kConfig,
                  "no API key is given: use DBX_ES_ELASTICSEARCH_API_KEY, or --username to make "
                  "one");
    }
    return AddKeyOf(user, known);
  }

  Result<void> AddKeyOf(const std::string& user, config::LoadedConfig& known) {
    TRY_ASSIGN(const std::string password,
               AskForSecret(fmt::format("Password of {}:", user), environment_.console, reporter_));
    if (password.empty()) return Fail(ErrorKind::kConfig, "no password was given for " + user);
    config::LoadedConfig as_user = known;
    TRY(UseUser(as_user, user, password));
    const config::LoadedConfig complete = Load(as_user);
    TRY(RequireValid(complete, as_user));
    TRY_ASSIGN(const auto key, MakeKey(environment_, complete, reporter_));
    if (!key) return UseUser(known, user, password);
    return Answer(known, "elasticsearch", "api_key", key->Reveal());
  }

  Result<void> Store(const std::string& text) {
    const std::string folder = std::filesystem::path(options_.file).parent_path().string();
    if (!folder.empty()) TRY(environment_.files.MakeFolders(folder, 0700));
    return environment_.files.ReplaceFile(options_.file, text, 0600);
  }

  Environment& environment_;
  const config::LoadRequest& request_;
  const config::ConfigSources& sources_;
  const FirstConfigOptions& options_;
  report::Reporter& reporter_;
};

}  // namespace

Result<config::LoadedConfig> WriteFirstConfig(Environment& environment,
                                              const config::LoadRequest& request,
                                              const config::ConfigSources& sources,
                                              const FirstConfigOptions& options,
                                              report::Reporter& reporter) {
  const config::LoadRequest absolute = WithAbsolutePaths(request, sources);
  return FirstConfig(environment, absolute, sources, options, reporter).Write();
}

}  // namespace dbxes::setup

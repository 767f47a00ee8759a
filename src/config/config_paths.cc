// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/hash.h"
#include "base/os/capture_command.h"
#include "base/os/file_trust.h"
#include "base/os/posix_file_system.h"
#include "config/config_loader.h"

namespace dbxes::config {
namespace {

// Time for the user to unlock a secret store.
constexpr Milliseconds kCommandPatience{60'000};

std::string Get(const EnvironmentVariables& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

// The folder that `variable` names, else `fallback` under HOME; "" if neither is known.
// XDG Base Directory Specification: relative paths in these variables are ignored.
std::string UserFolder(const EnvironmentVariables& environment, std::string_view variable,
                       std::string_view fallback) {
  if (std::string folder = Get(environment, variable); folder.starts_with('/')) return folder;
  const std::string home = Get(environment, "HOME");
  return home.starts_with('/') ? home + std::string(fallback) : "";
}

EnvironmentVariables ReadEnvironment() {
  EnvironmentVariables environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return environment;
}

std::optional<unsigned> FileMode(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return static_cast<unsigned>(status.st_mode & 07777U);
}

// "" without a state folder.
std::string FileOfConfiguration(const std::string& state_dir, const std::string& config_file,
                                std::string_view ending) {
  if (state_dir.empty()) return "";
  std::string_view name = config_file;
  // The number of a descriptor is another one each time.
  if (name.starts_with("/dev/") || name.starts_with("/proc/")) name = "";
  if (name.empty()) return fmt::format("{}/dbx-es.{}", state_dir, ending);
  name.remove_prefix(name.rfind('/') + 1);
  name = name.substr(0, name.rfind(".toml"));
  return fmt::format("{}/{}-{}.{}", state_dir, name, ToHex64(Hash64(config_file)).substr(0, 8),
                     ending);
}

std::string AbsolutePath(const std::string& path) {
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(path, failed);
  return path.empty() || failed ? path : absolute.lexically_normal().string();
}

}  // namespace

std::vector<std::string> ConfigSearchPath(const EnvironmentVariables& environment) {
  std::vector<std::string> paths;
  const std::string user = UserFolder(environment, "XDG_CONFIG_HOME", "/.config");
  if (!user.empty()) paths.push_back(user + "/dbx-es/dbx-es.toml");
  paths.emplace_back("/etc/dbx-es/dbx-es.toml");
  return paths;
}

std::string DefaultStateDir(const EnvironmentVariables& environment) {
  // systemd.exec(5): a colon-separated list when the unit names several state folders.
  const std::string systemd = Get(environment, "STATE_DIRECTORY");
  if (!systemd.empty()) return systemd.substr(0, systemd.find(':'));
  const std::string user = UserFolder(environment, "XDG_STATE_HOME", "/.local/state");
  return user.empty() ? "" : user + "/dbx-es";
}

std::string DefaultRefreshTokenFile(const std::string& state_dir, const std::string& config_file) {
  return FileOfConfiguration(state_dir, config_file, "refresh_token");
}

std::string AccessTokenFile(const std::string& state_dir, const std::string& config_file) {
  return FileOfConfiguration(state_dir, config_file, "access_token");
}

ConfigSources SystemSources() {
  return {
      .environment = ReadEnvironment(),
      .read_file =
          [](const std::string& path) {
            return PosixFileSystem(PosixFileSystem::kMostOfSetting).ReadFile(path);
          },
      .file_mode = FileMode,
      .changeable = ChangeableBecause,
      .changeable_by_anybody = ChangeableByAnybodyBecause,
      .absolute = AbsolutePath,
      .run_command =
          [](const std::vector<std::string>& words) {
            return CaptureCommand(words, kCommandPatience);
          },
  };
}

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
#include "base/os/find_program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace dbxes {

std::string FindProgram(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
    std::string program = fmt::format("{}/{}", folder, name);
    if (program.front() == '/' && ::access(program.c_str(), X_OK) == 0) return program;
  }
  return "";
}

std::string FindOwnProgram(std::string_view name) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "";
  const std::string folder = self.parent_path().string();
  for (const std::string_view place : {"", "/../libexec/dbx-es"}) {
    std::string program = fmt::format("{}{}/{}", folder, place, name);
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return "";
}

}  // namespace dbxes

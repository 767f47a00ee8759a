// SPDX-License-Identifier: Apache-2.0
#include "base/os/file_trust.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/os/safe_open.h"

namespace dbxes {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel does (path_resolution(7))

std::string NameOfUser(uid_t user) {
  const passwd* entry = ::getpwuid(user);
  return entry == nullptr ? fmt::format("uid {}", user) : entry->pw_name;
}

// As many distributions make one for each user, with a umask of 002.
bool IsPrivateGroup(gid_t group) {
  const passwd* user = ::getpwuid(::geteuid());
  if (user == nullptr || user->pw_gid != group) return false;
  const std::string name = user->pw_name;
  const struct group* entry = ::getgrgid(group);
  if (entry == nullptr || name != entry->gr_name) return false;
  for (char** member = entry->gr_mem; *member != nullptr; ++member) {
    if (name != *member) return false;
  }
  return true;
}

bool IsReadOnly(const std::string& path) {
  struct statvfs status {};
  return ::statvfs(path.c_str(), &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

std::string OwnerProblem(const std::string& path, const struct stat& status) {
  if (IsOurs(status)) return "";
  return fmt::format("{} belongs to {}; run: chown root {}", path, NameOfUser(status.st_uid), path);
}

enum class Groups { kStrangers, kTrusted };

std::string ModeProblem(const std::string& path, const struct stat& status, Groups groups) {
  // What is written to a device is not what it shows (/dev/null, /dev/zero).
  if (S_ISCHR(status.st_mode)) return "";
  const bool others = (status.st_mode & S_IWOTH) != 0;
  const bool group = groups == Groups::kStrangers && (status.st_mode & S_IWGRP) != 0;
  const bool sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if (sticky || (!others && !group) || IsReadOnly(path)) return "";
  // Last: where users are kept on another machine, it asks that machine.
  if (!others && IsPrivateGroup(status.st_gid)) return "";
  return fmt::format("{} is writable by {} (mode {:04o}); run: chmod go-w {}", path,
                     others ? "everybody" : "its group", status.st_mode & 07777U, path);
}

// One name of a path after another, through all symbolic links. With strings: to make a path of
// each name takes three times as long, and every run examines three paths.
class Walk {
 public:
  Walk(std::string_view path, Groups groups) : groups_(groups) { PutFirst(path); }

  std::string Run() {
    std::string problem = Enter("/");
    while (problem.empty() && !names_.empty()) {
      const std::string name = std::move(names_.back());
      names_.pop_back();
      if (name == "..") {
        place_.resize(std::max<std::size_t>(place_.rfind('/'), 1));
      } else {
        problem = Enter(place_.size() == 1 ? place_ + name : place_ + '/' + name);
      }
    }
    return problem;
  }

 private:
  void PutFirst(std::string_view path) {
    while (!path.empty()) {
      const std::size_t slash = path.rfind('/');
      const std::string_view name = path.substr(slash + 1);  // npos + 1 is 0
      if (!name.empty() && name != ".") names_.emplace_back(name);
      path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
  }

  std::string Enter(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return Stop();
    if (S_ISLNK(status.st_mode)) return Follow(path, status);
    place_ = path;
    // A volume of a container that is mounted read-only has the owner that it has outside.
    if (!IsOurs(status) && IsReadOnly(path)) return "";
    std::string problem = OwnerProblem(path, status);
    return problem.empty() ? ModeProblem(path, status, groups_) : problem;
  }

  std::string Follow(const std::string& link, const struct stat& status) {
    if (++links_ > kMostLinks) return Stop();
    if (auto problem = OwnerProblem(link, status); !problem.empty()) return problem;
    std::error_code error;
    const std::string target = fs::read_symlink(link, error).string();
    if (target.starts_with('/')) place_ = "/";
    PutFirst(target);
    return "";
  }

  std::string Stop() {
    names_.clear();
    return "";
  }

  Groups groups_;
  std::vector<std::string> names_;  // the next one is the last
  std::string place_ = "/";
  int links_ = 0;
};

std::string Examine(const std::string& path, Groups groups) {
  if (NamesDescriptor(path)) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return "";
    const std::string problem = OwnerProblem(path, status);
    return problem.empty() ? ModeProblem(path, status, groups) : problem;
  }
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  return error ? "" : Walk(absolute.native(), groups).Run();
}

}  // namespace

std::string ChangeableBecause(const std::string& path) { return Examine(path, Groups::kStrangers); }

std::string ChangeableByAnybodyBecause(const std::string& path) {
  return Examine(path, Groups::kTrusted);
}

std::string FillableByAnybodyBecause(const std::string& folder) {
  const std::string problem = Examine(folder, Groups::kTrusted);
  struct stat status {};
  if (!problem.empty() || ::stat(folder.c_str(), &status) != 0) return problem;
  const bool others = S_ISDIR(status.st_mode) && (status.st_mode & S_IWOTH) != 0;
  if (!others || IsReadOnly(folder)) return "";
  return fmt::format(
      "everybody may make files in {} (mode {:04o}); name a folder of your own, such as one below "
      "it",
      folder, status.st_mode & 07777U);
}

}  // namespace dbxes

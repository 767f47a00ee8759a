// SPDX-License-Identifier: Apache-2.0
#include "base/os/file_trust.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <string_view>
#include <system_error>

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

// One name of a path after another, through all symbolic links.
class Walk {
 public:
  Walk(const fs::path& path, Groups groups) : groups_(groups) { PutFirst(path); }

  std::string Run() {
    std::string problem = Examine("/");
    while (problem.empty() && !names_.empty()) {
      const fs::path name = names_.front();
      names_.pop_front();
      if (name == "..") {
        place_ = place_.parent_path();
      } else if (!name.empty() && name != ".") {
        problem = Enter(place_ / name);
      }
    }
    return problem;
  }

 private:
  void PutFirst(const fs::path& path) {
    const fs::path relative = path.relative_path();
    names_.insert(names_.begin(), relative.begin(), relative.end());
  }

  std::string Enter(const fs::path& path) {
    std::error_code error;
    if (!fs::is_symlink(fs::symlink_status(path, error))) {
      place_ = path;
      return Examine(path.string());
    }
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || ++links_ > kMostLinks) return Stop();
    if (auto problem = OwnerProblem(path.string(), status); !problem.empty()) return problem;
    const fs::path target = fs::read_symlink(path, error);
    if (target.is_absolute()) place_ = "/";
    PutFirst(target);
    return "";
  }

  std::string Examine(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return Stop();
    // A volume of a container that is mounted read-only has the owner that it has outside.
    if (!IsOurs(status) && IsReadOnly(path)) return "";
    std::string problem = OwnerProblem(path, status);
    return problem.empty() ? ModeProblem(path, status, groups_) : problem;
  }

  std::string Stop() {
    names_.clear();
    return "";
  }

  Groups groups_;
  std::deque<fs::path> names_;
  fs::path place_ = "/";
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
  return error ? "" : Walk(absolute, groups).Run();
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

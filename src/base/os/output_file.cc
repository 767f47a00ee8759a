// SPDX-License-Identifier: Apache-2.0
#include "base/os/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace dbxes {
namespace {

tl::unexpected<Error> Because(std::string reason) {
  return Fail(ErrorKind::kConfig, std::move(reason));
}

constexpr mode_t kPrivate = 0600;

// The links in /dev name what the caller's own descriptors are: /dev/stdout, /dev/fd/N.
bool IsDescriptor(const std::string& path) { return path.starts_with("/dev/"); }

// Somebody could have made it, to read what we write. Where only its owner and root can make files,
// its name is the administrator's choice: a log file may belong to the user of the service.
bool IsPrepared(const std::string& path, const struct stat& status) {
  if (status.st_uid == ::geteuid() || status.st_uid == 0) return false;
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  struct stat folder {};
  const std::string name = parent.empty() ? "." : parent.string();
  if (::stat(name.c_str(), &folder) != 0) return true;
  const bool others = (folder.st_mode & (S_IWOTH | S_IWGRP)) != 0;
  return others || (folder.st_uid != ::geteuid() && folder.st_uid != 0);
}

}  // namespace

Result<Descriptor> OpenOutputFile(const std::string& path, int flags) {
  flags |= O_WRONLY | O_CLOEXEC;
  Descriptor made(::open(path.c_str(), flags | O_CREAT | O_EXCL, kPrivate));
  if (made.is_open()) return made;
  if (errno != EEXIST) return Because(std::strerror(errno));
  Descriptor file(::open(path.c_str(), flags));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) return Because(std::strerror(errno));
  if (IsDescriptor(path)) return file;
  if (!S_ISCHR(status.st_mode) && IsPrepared(path, status)) {
    return Because(fmt::format("it belongs to another user (uid {}): remove it", status.st_uid));
  }
  if (!S_ISREG(status.st_mode)) return file;
  struct stat named {};
  if (::lstat(path.c_str(), &named) != 0) return Because(std::strerror(errno));
  if (S_ISLNK(named.st_mode)) return Because("it is a symbolic link");
  if (status.st_nlink != 1) return Because("it has other names (hard links)");
  // Exchanged between the two calls.
  if (named.st_dev != status.st_dev || named.st_ino != status.st_ino) {
    return Because("it changes while it is opened");
  }
  return file;
}

Result<Descriptor> OpenPrivateFile(const std::string& path) {
  TRY_ASSIGN(Descriptor file, OpenOutputFile(path, 0));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return Because(std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return file;
  if (status.st_uid != ::geteuid()) return Because("it belongs to another user");
  if (::fchmod(file.get(), kPrivate) != 0) return Because(std::strerror(errno));
  return file;
}

Result<void> EmptyFile(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return Because(std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return {};
  if (::ftruncate(fd, 0) != 0) return Because(std::strerror(errno));
  return {};
}

}  // namespace dbxes

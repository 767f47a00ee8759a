// SPDX-License-Identifier: Apache-2.0
#include "base/os/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "base/os/file_advice.h"
#include "base/random.h"

namespace dbxes {
namespace {

constexpr std::size_t kRandomBytes = 8;
// Somebody may make and remove a name as fast as we open it.
constexpr int kTries = 16;

// Why a file that was there is not one of ours; "" if it is. Another name of it (a hard link) may
// be anywhere.
std::string ForeignBecause(const struct stat& status) {
  if (S_ISDIR(status.st_mode)) return std::strerror(EISDIR);
  if (!S_ISREG(status.st_mode)) return "it is not a regular file";
  if (status.st_uid != ::geteuid()) {
    return fmt::format("it belongs to another user (uid {}): run as that user, or remove it",
                       status.st_uid);
  }
  return status.st_nlink == 1 ? "" : "it has other names (hard links): remove it";
}

}  // namespace

tl::unexpected<Error> FailErrno(std::string_view action, const std::string& path, int reason) {
  return Fail(Error{.kind = reason == ENOENT ? ErrorKind::kNotFound : ErrorKind::kInternal,
                    .message = fmt::format("cannot {} {}: {}", action, path, std::strerror(reason)),
                    .tag = std::string(FileTag(reason))});
}

std::string NameOf(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

Result<Folder> Folder::Open(const std::string& path) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return FailErrno("open folder", path, errno);
  return Folder(std::move(folder), path);
}

Result<Folder> Folder::OpenParent(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  return Open(parent.empty() ? "." : parent.string());
}

std::string Folder::PathOf(std::string_view name) const {
  return path_ == "." ? std::string(name) : (std::filesystem::path(path_) / name).string();
}

Result<Folder::NewFile> Folder::Create(std::string_view prefix, std::string_view suffix,
                                       unsigned mode, int flags) const {
  constexpr int kNew = O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  int reason = EEXIST;
  for (int i = 0; i < kTries && reason == EEXIST; ++i) {
    TRY_ASSIGN(const std::string random, RandomHex(kRandomBytes));
    std::string name = fmt::format("{}{}{}", prefix, random, suffix);
    Descriptor file(::openat(folder_.get(), name.c_str(), kNew | flags, mode));
    if (file.is_open()) return NewFile{std::move(name), std::move(file)};
    reason = errno;
  }
  return FailErrno("create a file in", path_, reason);
}

Result<Descriptor> Folder::OpenOwn(const std::string& name, int flags) const {
  // A pipe must not make us wait, and a terminal not become ours.
  constexpr int kSafe = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  int reason = ENOENT;
  for (int i = 0; i < kTries && reason == ENOENT; ++i) {
    Descriptor made(::openat(folder_.get(), name.c_str(), flags | kSafe | O_CREAT | O_EXCL, 0600));
    if (made.is_open()) return made;
    if (errno != EEXIST) return FailErrno("open", PathOf(name), errno);
    Descriptor file(::openat(folder_.get(), name.c_str(), flags | kSafe));
    struct stat status {};
    if (file.is_open() && ::fstat(file.get(), &status) == 0) {
      const std::string why = ForeignBecause(status);
      if (why.empty()) return file;
      return Fail(ErrorKind::kInternal, fmt::format("cannot open {}: {}", PathOf(name), why));
    }
    reason = errno;
  }
  if (reason == ELOOP) {
    return Fail(ErrorKind::kInternal,
                fmt::format("cannot open {}: it is a symbolic link", PathOf(name)));
  }
  // A pipe without a reader.
  if (reason == ENXIO) {
    return Fail(ErrorKind::kInternal,
                fmt::format("cannot open {}: it is not a regular file", PathOf(name)));
  }
  return FailErrno("open", PathOf(name), reason);
}

Result<void> Folder::Rename(const std::string& from, const std::string& to) const {
  if (::renameat(folder_.get(), from.c_str(), folder_.get(), to.c_str()) == 0) return {};
  return FailErrno("replace", PathOf(to), errno);
}

Result<void> Folder::Remove(const std::string& name) const {
  if (::unlinkat(folder_.get(), name.c_str(), 0) == 0 || errno == ENOENT) return {};
  return FailErrno("remove", PathOf(name), errno);
}

Result<void> Folder::RemoveAll(std::string_view prefix, std::string_view suffix) const {
  Descriptor again(::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(
      again.is_open() ? ::fdopendir(again.get()) : nullptr, ::closedir);
  if (!listing) return FailErrno("list", path_, errno);
  (void)again.Release();  // closedir closes it
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(listing.get())) {
    const std::string_view name = entry->d_name;
    const bool long_enough = name.size() >= prefix.size() + suffix.size();
    if (long_enough && name.starts_with(prefix) && name.ends_with(suffix)) names.emplace_back(name);
  }
  for (const std::string& name : names) TRY(Remove(name));
  return {};
}

Result<void> Folder::Sync() const {
  if (::fsync(folder_.get()) == 0) return {};
  return FailErrno("sync folder", path_, errno);
}

Result<void> Folder::CheckOwner() const {
  struct stat status {};
  if (::fstat(folder_.get(), &status) != 0) return FailErrno("read", path_, errno);
  if (status.st_uid == ::geteuid() || status.st_uid == 0) return {};
  return Fail(ErrorKind::kInternal,
              fmt::format("cannot use folder {}: it belongs to another user (uid {}); run as that "
                          "user",
                          path_, status.st_uid));
}

}  // namespace dbxes

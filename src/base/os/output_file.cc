// SPDX-License-Identifier: Apache-2.0
#include "base/os/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "base/os/safe_open.h"

namespace dbxes {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> Because(std::string reason) {
  return Fail(ErrorKind::kConfig, std::move(reason));
}

constexpr mode_t kPrivate = 0600;
constexpr int kMostLinks = 40;  // as the kernel does (path_resolution(7))

// No link is followed, no pipe waited for, and no terminal becomes ours, before we know what is
// there.
constexpr int kSafe = O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

// Somebody could have made it, to read what we write. Where only its owner and root can make files,
// its name is the administrator's choice: a log file may belong to the user of the service.
bool IsPrepared(const std::string& path, const struct stat& status) {
  if (IsOurs(status)) return false;
  const fs::path parent = fs::path(path).parent_path();
  struct stat folder {};
  const std::string name = parent.empty() ? "." : parent.string();
  if (::stat(name.c_str(), &folder) != 0) return true;
  const bool others = (folder.st_mode & (S_IWOTH | S_IWGRP)) != 0;
  return others || !IsOurs(folder);
}

// What a path leads to. `status` is empty for one of our descriptors.
struct Place {
  std::string path;
  struct stat status {};
  bool linked = false;
  bool descriptor = false;
  bool opened = false;  // the descriptor of another process of ours: /proc/1/fd/1
};

// Where an open link (O_PATH) leads, seen from `path`, its name.
Result<std::string> TargetOf(const Descriptor& link, const std::string& path) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = ::readlinkat(link.get(), "", target.data(), target.size());
  if (length < 0) return Because(std::strerror(errno));
  target.resize(static_cast<std::size_t>(length));
  return (fs::path(path).parent_path() / target).string();
}

// Follows links of root and of this user only: with a link, another user would choose the file.
Result<Place> Find(const std::string& path) {
  Place place{path};
  for (int i = 0; i <= kMostLinks; ++i) {
    place.descriptor = NamesDescriptor(place.path);
    if (place.descriptor) return place;
    const Descriptor there(::open(place.path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!there.is_open() || ::fstat(there.get(), &place.status) != 0) {
      return Because(std::strerror(errno));
    }
    if (!S_ISLNK(place.status.st_mode)) return place;
    if (!IsOurs(place.status)) {
      return Because(fmt::format("it is a symbolic link of another user (uid {}): remove it",
                                 place.status.st_uid));
    }
    // Its text is no path: "pipe:[12]".
    struct statfs system {};
    place.opened = ::fstatfs(there.get(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
    if (place.opened && ::stat(place.path.c_str(), &place.status) == 0) return place;
    if (place.opened) return Because(std::strerror(errno));
    TRY_ASSIGN(place.path, TargetOf(there, place.path));
    place.linked = true;
  }
  return Because(std::strerror(ELOOP));
}

Result<void> CheckFile(const Place& place) {
  if (IsPrepared(place.path, place.status)) {
    return Because(
        fmt::format("it belongs to another user (uid {}): remove it", place.status.st_uid));
  }
  if (place.linked) return Because("it is a symbolic link");
  if (place.status.st_nlink != 1) return Because("it has other names (hard links)");
  return {};
}

// Those that show nothing to anybody else, also under another owner: in a container without root,
// they belong to nobody. Linux, Documentation/admin-guide/devices.txt.
bool IsHarmless(dev_t device) {
  constexpr unsigned kMemory = 1;
  constexpr unsigned kNull = 3;
  constexpr unsigned kFull = 7;
  constexpr unsigned kTerminals = 5;
  constexpr unsigned kOwnTerminal = 0;  // /dev/tty
  if (::major(device) == kTerminals) return ::minor(device) == kOwnTerminal;
  return ::major(device) == kMemory && (::minor(device) == kNull || ::minor(device) == kFull);
}

Result<void> CheckDevice(const Place& place) {
  std::error_code error;
  const std::string path = fs::absolute(place.path, error).lexically_normal().string();
  const bool in_place = place.opened || (!error && path.starts_with("/dev/"));
  if (!in_place) return Because("it is a device outside of /dev");
  if (IsOurs(place.status) || IsHarmless(place.status.st_rdev)) return {};
  return Because(
      fmt::format("it is a device or terminal of another user (uid {}); /dev/stdout is your own",
                  place.status.st_uid));
}

Result<void> Check(const Place& place) {
  if (place.descriptor) return {};
  switch (place.status.st_mode & S_IFMT) {
    case S_IFREG:
      return CheckFile(place);
    case S_IFCHR:
      return CheckDevice(place);
    case S_IFIFO:
      if (IsOurs(place.status)) return {};
      return Because(
          fmt::format("it belongs to another user (uid {}): remove it", place.status.st_uid));
    case S_IFDIR:
      return Because(std::strerror(EISDIR));
    case S_IFBLK:
      return Because("it is a block device");
    default:
      return Because("it is neither a file nor a pipe nor a device");
  }
}

// Waits for the reader of a pipe, as open(2) does, but of no other pipe that takes its place.
Result<Descriptor> OpenSafely(const Place& place, int flags) {
  constexpr useconds_t kPause = 20'000;
  flags |= kSafe | (place.descriptor || place.opened ? 0 : O_NOFOLLOW);
  const bool waits = !place.descriptor && S_ISFIFO(place.status.st_mode);
  for (;;) {
    Descriptor file(::open(place.path.c_str(), flags));
    if (file.is_open()) return file;
    if (errno != ENXIO || !waits || ::usleep(kPause) != 0) return Because(std::strerror(errno));
    TRY_ASSIGN(const Place now, Find(place.path));
    TRY(Check(now));
  }
}

}  // namespace

Result<Descriptor> OpenOutputFile(const std::string& path, int flags) {
  constexpr int kNew = O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL;  // follows no link
  Descriptor made(::open(path.c_str(), flags | kNew, kPrivate));
  if (made.is_open()) return made;
  if (errno != EEXIST) return Because(std::strerror(errno));
  TRY_ASSIGN(const Place place, Find(path));
  TRY(Check(place));
  TRY_ASSIGN(Descriptor file, OpenSafely(place, flags));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return Because(std::strerror(errno));
  // Exchanged since we looked.
  const bool same = status.st_dev == place.status.st_dev && status.st_ino == place.status.st_ino;
  if (!place.descriptor && !same) return Because("it changes while it is opened");
  if (!EndNonBlocking(file.get())) return Because(std::strerror(errno));
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

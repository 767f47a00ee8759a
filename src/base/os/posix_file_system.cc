// SPDX-License-Identifier: Apache-2.0
#include "base/os/posix_file_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/os/descriptor.h"
#include "base/os/file_bytes.h"
#include "base/os/file_trust.h"
#include "base/os/folder.h"
#include "base/os/safe_open.h"

namespace dbxes {
namespace {

constexpr std::size_t kMostOfPipe = std::size_t{16} << 20;

Result<std::string> TooLong(const std::string& path, std::size_t most) {
  return Fail(ErrorKind::kInternal,
              fmt::format("cannot read {}: it is longer than {} MiB", path, most >> 20));
}

std::string FolderOf(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

class PosixFileLock final : public FileLock {
 public:
  explicit PosixFileLock(Descriptor fd) : fd_(std::move(fd)) {}
  // The note of a process that was killed stays; it is the last trace of its run.
  ~PosixFileLock() override { static_cast<void>(::ftruncate(fd_.get(), 0)); }
  PosixFileLock(const PosixFileLock&) = delete;
  PosixFileLock& operator=(const PosixFileLock&) = delete;

 private:
  Descriptor fd_;
};

// Commands that only read hold the lock for an instant (base/os/file_probe.h). That must not make a
// run fail.
bool LockNow(int fd) {
  constexpr int kTries = 11;
  for (int i = 1; ::flock(fd, LOCK_EX | LOCK_NB) != 0; ++i) {
    if (errno != EWOULDBLOCK || i == kTries) return false;
    ::usleep(5'000);
  }
  return true;
}

// A folder, or a link to one, that another user has prepared is not ours to fill.
Result<void> CheckFolder(const std::string& path) {
  struct stat status {};
  const std::string name = path.substr(0, path.find_last_not_of('/') + 1);
  const bool link = ::lstat(name.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
  if (link && status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return Fail(ErrorKind::kInternal,
                fmt::format("cannot use folder {}: it is a symbolic link of another user (uid {})",
                            path, status.st_uid));
  }
  TRY_ASSIGN(const Folder folder, Folder::Open(path));
  return folder.CheckOwner();
}

// A file, or what else may be read to its end.
struct Source {
  Descriptor file;
  struct stat status {};
};

// A pipe or a device may hold a run, and with it the lock, for ever: nobody else may choose it. A
// descriptor is the caller's own choice.
Result<void> CheckSource(const std::string& path, const struct stat& status) {
  if (NamesDescriptor(path)) return {};
  const auto refuse = [&](const std::string& why) {
    return Fail(ErrorKind::kInternal, fmt::format("cannot read {}: {}", path, why));
  };
  const std::string_view kind = S_ISFIFO(status.st_mode) ? "pipe" : "device";
  if (!IsOurs(status)) {
    return refuse(fmt::format("it is a {} of another user (uid {})", kind, status.st_uid));
  }
  const std::string why = ChangeableByAnybodyBecause(path);
  if (!why.empty()) {
    return refuse(fmt::format("it is a {} that other users can exchange: {}", kind, why));
  }
  struct stat named {};
  const bool same = ::stat(path.c_str(), &named) == 0 && named.st_dev == status.st_dev &&
                    named.st_ino == status.st_ino;
  return same ? Result<void>() : refuse("it changes while it is opened");
}

// Waits for nobody before it is known what is there.
Result<Source> OpenSource(const std::string& path) {
  Source source;
  source.file = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!source.file.is_open()) return FailErrno("open", path, errno);
  if (::fstat(source.file.get(), &source.status) != 0) return FailErrno("read", path, errno);
  const mode_t mode = source.status.st_mode;
  if (S_ISREG(mode)) return source;
  if (S_ISDIR(mode)) return FailErrno("read", path, EISDIR);
  TRY(CheckSource(path, source.status));
  if (!EndNonBlocking(source.file.get())) return FailErrno("read", path, errno);
  return source;
}

// Until somebody writes to a pipe with a name, which looks ended as long as nobody has opened it.
// Other pipes have ended when their writer is gone.
Result<void> AwaitWriter(int fd, const std::string& path) {
  struct statfs system {};
  if (::fstatfs(fd, &system) == 0 && system.f_type == PIPEFS_MAGIC) return {};
  pollfd readable{fd, POLLIN, 0};
  if (::poll(&readable, 1, -1) < 0) return FailErrno("read", path, errno);
  return {};
}

}  // namespace

Result<void> PosixFileSystem::MakeFolders(const std::string& path, unsigned mode) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return CheckFolder(path);
  const std::string parent = FolderOf(path);
  if (parent != path && parent != "." && !std::filesystem::is_directory(parent, error)) {
    TRY(MakeFolders(parent, mode));
  }
  if (::mkdir(path.c_str(), mode) == 0) return {};
  if (errno != EEXIST) return FailErrno("make folder", path, errno);
  // Another process may have made it meanwhile. A file of that name is an error.
  if (!std::filesystem::is_directory(path, error)) return FailErrno("make folder", path, ENOTDIR);
  return CheckFolder(path);
}

Result<std::string> PosixFileSystem::ReadFile(const std::string& path) {
  TRY_ASSIGN(const Source source, OpenSource(path));
  const int fd = source.file.get();
  if (S_ISFIFO(source.status.st_mode)) TRY(AwaitWriter(fd, path));
  // The size of a pipe, a terminal or a file of /proc says nothing.
  if (!S_ISREG(source.status.st_mode) || source.status.st_size == 0) {
    return ReadToEnd(fd, std::min(kMostOfPipe, most_of_file_), path);
  }
  const auto size = static_cast<std::uint64_t>(source.status.st_size);
  if (size > most_of_file_) return TooLong(path, most_of_file_);
  return ReadAt(fd, 0, static_cast<std::size_t>(size), path);
}

Result<std::string> PosixFileSystem::ReadRange(const std::string& path, std::uint64_t offset,
                                               std::size_t length) {
  TRY_ASSIGN(const Source source, OpenSource(path));
  return ReadAt(source.file.get(), offset, length, path);
}

Result<void> PosixFileSystem::ReplaceFile(const std::string& path, std::string_view content,
                                          unsigned mode) {
  TRY_ASSIGN(const Folder folder, Folder::OpenParent(path));
  TRY_ASSIGN(const Folder::NewFile temporary,
             folder.Create(NameOf(path) + ".", ".tmp", mode, O_WRONLY));
  Result<void> done = WriteAll(temporary.file.get(), content, path);
  if (done && ::fsync(temporary.file.get()) != 0) done = FailErrno("sync", path, errno);
  if (done) done = folder.Rename(temporary.name, NameOf(path));
  if (done) return folder.Sync();
  (void)folder.Remove(temporary.name);  // the first error counts
  return done;
}

Result<std::unique_ptr<AppendFile>> PosixFileSystem::OpenAppend(const std::string& path,
                                                                std::uint64_t size) {
  TRY_ASSIGN(const Folder folder, Folder::OpenParent(path));
  TRY_ASSIGN(Descriptor fd, folder.OpenOwn(NameOf(path), O_WRONLY | O_APPEND));
  TRY_ASSIGN(auto file, AppendTo(std::make_shared<Descriptor>(std::move(fd)), size, path));
  // The file's name must survive a crash, too.
  TRY(folder.Sync());
  return file;
}

Result<std::string> PosixFileSystem::WriteNew(const std::string& folder, std::string_view prefix,
                                              std::string_view content) {
  TRY_ASSIGN(const Folder open, Folder::Open(folder));
  TRY_ASSIGN(const Folder::NewFile made, open.Create(prefix, "", 0600, O_WRONLY));
  if (auto written = WriteAll(made.file.get(), content, open.PathOf(made.name)); !written) {
    (void)open.Remove(made.name);  // the first error counts
    return Fail(std::move(written.error()));
  }
  return open.PathOf(made.name);
}

Result<void> PosixFileSystem::RemoveAll(const std::string& folder, std::string_view prefix,
                                        std::string_view suffix) {
  TRY_ASSIGN(const Folder open, Folder::Open(folder));
  return open.RemoveAll(prefix, suffix);
}

Result<void> PosixFileSystem::Remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return FailErrno("remove", path, errno);
  return {};
}

Result<std::unique_ptr<FileLock>> PosixFileSystem::Lock(const std::string& path,
                                                        std::string_view note) {
  TRY_ASSIGN(const Folder folder, Folder::OpenParent(path));
  TRY_ASSIGN(Descriptor fd, folder.OpenOwn(NameOf(path), O_RDWR));
  if (!LockNow(fd.get())) {
    if (errno != EWOULDBLOCK) return FailErrno("lock", path, errno);
    auto holder = ReadAt(fd.get(), 0, 4096, path);
    return Fail(ErrorKind::kLocked, holder ? *holder : std::string());
  }
  if (::ftruncate(fd.get(), 0) != 0) return FailErrno("write", path, errno);
  TRY(WriteAll(fd.get(), note, path));
  return std::make_unique<PosixFileLock>(std::move(fd));
}

}  // namespace dbxes

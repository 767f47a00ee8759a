// SPDX-License-Identifier: Apache-2.0
#include "base/os/posix_file_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/os/descriptor.h"

namespace dbxes {
namespace {

tl::unexpected<Error> FailErrno(std::string_view action, const std::string& path,
                                int error_number = errno) {
  return Fail(error_number == ENOENT ? ErrorKind::kNotFound : ErrorKind::kInternal,
              fmt::format("cannot {} {}: {}", action, path, std::strerror(error_number)));
}

Result<void> WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return FailErrno("write", path);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string FolderOf(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

// A rename is durable only after its folder is synced.
Result<void> SyncFolder(const std::string& folder) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open() || ::fsync(fd.get()) != 0) return FailErrno("sync folder", folder);
  return {};
}

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(int fd, std::string path, std::uint64_t size)
      : fd_(fd), path_(std::move(path)), size_(size) {}
  Result<void> Append(std::string_view bytes) override {
    TRY(WriteAll(fd_.get(), bytes, path_));
    size_ += bytes.size();
    return {};
  }
  Result<void> Sync() override {
    if (::fdatasync(fd_.get()) != 0) return FailErrno("sync", path_);
    return {};
  }
  std::uint64_t Size() const override { return size_; }

 private:
  Descriptor fd_;
  std::string path_;
  std::uint64_t size_;
};

class PosixFileLock final : public FileLock {
 public:
  explicit PosixFileLock(int fd) : fd_(fd) {}

 private:
  Descriptor fd_;
};

Result<std::string> ReadDescriptor(int fd, std::uint64_t offset, std::size_t length,
                                   const std::string& path) {
  std::string content(length, '\0');
  std::size_t filled = 0;
  while (filled < length) {
    const ssize_t got =
        ::pread(fd, content.data() + filled, length - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailErrno("read", path);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

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

}  // namespace

Result<void> PosixFileSystem::MakeFolders(const std::string& path, unsigned mode) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  const std::string parent = FolderOf(path);
  if (parent != path && parent != ".") {
    TRY(MakeFolders(parent, mode));
  }
  if (::mkdir(path.c_str(), mode) == 0) return {};
  if (errno != EEXIST) return FailErrno("make folder", path);
  // Another process may have made it meanwhile. A file of that name is an error.
  if (!std::filesystem::is_directory(path, error)) return FailErrno("make folder", path, ENOTDIR);
  return {};
}

Result<std::string> PosixFileSystem::ReadFile(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open()) return FailErrno("open", path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return FailErrno("read", path);
  if (S_ISDIR(status.st_mode)) return FailErrno("read", path, EISDIR);
  return ReadDescriptor(fd.get(), 0, static_cast<std::size_t>(status.st_size), path);
}

Result<std::string> PosixFileSystem::ReadRange(const std::string& path, std::uint64_t offset,
                                               std::size_t length) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open()) return FailErrno("open", path);
  return ReadDescriptor(fd.get(), offset, length, path);
}

Result<void> PosixFileSystem::ReplaceFile(const std::string& path, std::string_view content,
                                          unsigned mode) {
  const std::string temporary = path + ".tmp";
  const auto abandon = [&](Result<void> failure) {
    ::unlink(temporary.c_str());
    return failure;
  };
  {
    const Descriptor fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!fd.is_open()) return FailErrno("create", temporary);
    if (auto written = WriteAll(fd.get(), content, temporary); !written) return abandon(written);
    if (::fsync(fd.get()) != 0) return abandon(FailErrno("sync", temporary));
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return abandon(FailErrno("replace", path));
  return SyncFolder(FolderOf(path));
}

Result<std::unique_ptr<AppendFile>> PosixFileSystem::OpenAppend(const std::string& path,
                                                                std::uint64_t size) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return FailErrno("open", path);
  auto file = std::make_unique<PosixAppendFile>(fd, path, size);
  struct stat status {};
  if (::fstat(fd, &status) != 0) return FailErrno("open", path);
  if (static_cast<std::uint64_t>(status.st_size) < size) {
    return Fail(ErrorKind::kInternal,
                fmt::format("{} is shorter than its checkpoint says ({} < {})", path,
                            status.st_size, size));
  }
  if (::ftruncate(fd, static_cast<off_t>(size)) != 0) return FailErrno("cut", path);
  // The file's name must survive a crash, too.
  TRY(SyncFolder(FolderOf(path)));
  return file;
}

Result<void> PosixFileSystem::Remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return FailErrno("remove", path);
  return {};
}

Result<std::unique_ptr<FileLock>> PosixFileSystem::Lock(const std::string& path,
                                                        std::string_view note) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return FailErrno("open", path);
  auto lock = std::make_unique<PosixFileLock>(fd);
  if (!LockNow(fd)) {
    if (errno != EWOULDBLOCK) return FailErrno("lock", path);
    auto holder = ReadDescriptor(fd, 0, 4096, path);
    return Fail(ErrorKind::kLocked, holder ? *holder : std::string());
  }
  if (::ftruncate(fd, 0) != 0) return FailErrno("write", path);
  TRY(WriteAll(fd, note, path));
  return lock;
}

}  // namespace dbxes

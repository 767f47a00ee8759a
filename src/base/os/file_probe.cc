// SPDX-License-Identifier: Apache-2.0
#include "base/os/file_probe.h"

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
#include "base/os/file_trust.h"
#include "base/os/folder.h"
#include "base/os/scratch_file_system.h"

namespace dbxes {
namespace {

std::string ReadNote(int fd) {
  char note[4096];
  const ssize_t got = ::pread(fd, note, sizeof note, 0);
  return {note, static_cast<std::size_t>(got > 0 ? got : 0)};
}

// Takes a shared lock and releases it at once. A run that starts at this very moment tries again
// (PosixFileSystem::Lock). A pipe in its place is not waited for.
Result<std::optional<std::string>> LockHolder(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open() && errno == ENOENT) return std::nullopt;
  if (!file.is_open()) {
    return Fail(ErrorKind::kConfig, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  }
  std::optional<std::string> holder;
  if (::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    holder = ReadNote(file.get());
  }
  return holder;
}

// A full disk, a quota or a limit on sizes shows only when a file is written.
Result<void> WriteNameless(const std::string& folder) {
  constexpr std::size_t kBytes = 4096;
  ScratchFileSystem scratch(folder);
  TRY_ASSIGN(const auto file, scratch.OpenAppend("a file in " + folder, 0));
  TRY(file->Append(std::string(kBytes, ' ')));
  return file->Sync();
}

Result<void> CheckWriting(const std::string& folder) {
  std::error_code error;
  std::filesystem::path nearest = std::filesystem::absolute(folder, error);
  while (!std::filesystem::exists(nearest, error) && nearest.has_parent_path() &&
         nearest != nearest.parent_path()) {
    nearest = nearest.parent_path();
  }
  if (!std::filesystem::is_directory(nearest, error)) {
    return Fail(ErrorKind::kConfig, fmt::format("{} is not a folder", nearest.string()));
  }
  Result<void> written = ::access(nearest.c_str(), W_OK | X_OK) == 0
                             ? WriteNameless(nearest.string())
                             : FailErrno("create files in", nearest.string(), errno);
  if (!written) written.error().kind = ErrorKind::kConfig;
  return written;
}

std::string FileWritingProblem(const std::string& path) {
  if (::access(path.c_str(), W_OK) == 0) return "";
  return fmt::format("cannot write it: {}", std::strerror(errno));
}

std::optional<std::int64_t> Modified(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000 + status.st_mtim.tv_nsec / 1000;
}

std::string Exposed(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return "";
  if (!S_ISREG(status.st_mode)) return fmt::format("{0} is not a file; run: rm {0}", path);
  if (status.st_uid != ::geteuid()) {
    return fmt::format("{0} belongs to another user (uid {1}); run: rm {0}", path, status.st_uid);
  }
  if ((status.st_mode & S_IRWXO) == 0) return "";
  return fmt::format("{0} is open to other users (mode {1:04o}); run: chmod 600 {0}", path,
                     status.st_mode & 07777U);
}

}  // namespace

FileProbe SystemFileProbe() {
  return {.lock_holder = LockHolder,
          .check_writing = CheckWriting,
          .modified = Modified,
          .changeable = ChangeableBecause,
          .changeable_by_anybody = ChangeableByAnybodyBecause,
          .fillable_by_anybody = FillableByAnybodyBecause,
          .file_writing_problem = FileWritingProblem,
          .exposed = Exposed};
}

}  // namespace dbxes

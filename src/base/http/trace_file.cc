// SPDX-License-Identifier: Apache-2.0
#include "base/http/trace_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace dbxes {
namespace {

constexpr mode_t kOthers = 077;

tl::unexpected<Error> Failed(const std::string& path, std::string_view why) {
  return Fail(ErrorKind::kConfig, fmt::format("cannot open the trace file {}: {}", path, why));
}

}  // namespace

Result<TraceFile> TraceFile::Open(const std::string& path) {
  constexpr int kFlags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  Descriptor file(::open(path.c_str(), kFlags | O_CREAT | O_EXCL, 0600));
  if (file.is_open()) return TraceFile(std::move(file), path);
  if (errno != EEXIST) return Failed(path, std::strerror(errno));
  file = Descriptor(::open(path.c_str(), kFlags));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
    return Failed(path, errno == ELOOP ? "it is a symbolic link" : std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode) || status.st_nlink != 1) {
    return Failed(path, "it is not a regular file with one name");
  }
  if (status.st_uid != ::geteuid() || (status.st_mode & kOthers) != 0) {
    return Failed(path, "it exists, and is not a file of yours with mode 0600: remove it first");
  }
  return TraceFile(std::move(file), path);
}

void TraceFile::Write(std::string record) {
  record += '\n';
  std::string_view rest = record;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      problem_ = fmt::format("cannot write the trace file {}: {}", path_, std::strerror(errno));
      return;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
#include "base/os/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace dbxes {
namespace {

tl::unexpected<Error> Because(std::string reason) {
  return Fail(ErrorKind::kConfig, std::move(reason));
}

// The links in /dev name what the caller's own descriptors are: /dev/stdout, /dev/fd/N.
bool IsDescriptor(const std::string& path) { return path.starts_with("/dev/"); }

}  // namespace

Result<Descriptor> OpenOutputFile(const std::string& path, int flags) {
  flags |= O_WRONLY | O_CLOEXEC;
  Descriptor made(::open(path.c_str(), flags | O_CREAT | O_EXCL, 0600));
  if (made.is_open()) return made;
  if (errno != EEXIST) return Because(std::strerror(errno));
  Descriptor file(::open(path.c_str(), flags));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) return Because(std::strerror(errno));
  if (!S_ISREG(status.st_mode) || IsDescriptor(path)) return file;
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

}  // namespace dbxes

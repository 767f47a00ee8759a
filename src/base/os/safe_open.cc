// SPDX-License-Identifier: Apache-2.0
#include "base/os/safe_open.h"

#include <fcntl.h>
#include <unistd.h>

#include <string_view>

namespace dbxes {

bool NamesDescriptor(const std::string& path) {
  if (path == "/dev/stdin" || path == "/dev/stdout" || path == "/dev/stderr") return true;
  std::string_view number = path;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!number.starts_with(folder)) continue;
    number.remove_prefix(folder.size());
    return !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
  }
  return false;
}

bool IsOurs(const struct stat& status) {
  return status.st_uid == 0 || status.st_uid == ::geteuid();
}

bool EndNonBlocking(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && ::fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

}  // namespace dbxes

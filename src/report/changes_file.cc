// SPDX-License-Identifier: Apache-2.0
#include "report/changes_file.h"

#include <fmt/format.h>
#include <stdio_ext.h>

#include <cerrno>
#include <cstring>

#include "base/os/output_file.h"

namespace dbxes::report {
namespace {

// Standard output is the caller's.
int Leave(std::FILE*) { return 0; }

}  // namespace

Result<ChangesFile::File> ChangesFile::Open(const std::string& path) {
  if (path == "-") return File(stdout, Leave);
  auto file = OpenPrivateFile(path);
  if (!file) {
    return Fail(ErrorKind::kConfig,
                fmt::format("cannot write --changes {}: {}", path, file.error().message));
  }
  return File(::fdopen(file->Release(), "w"), std::fclose);
}

void ChangesFile::Begin() {
  if (stream_ == stdout) return;
  const auto emptied = EmptyFile(::fileno(stream_));
  if (!emptied) problem_ = emptied.error().message;
}

void ChangesFile::Changed(const Change& change) {
  if (ended_) return;
  const std::string line = ChangeJson(change, clock_.WallMicros()) + "\n";
  errno = 0;
  const bool written = std::fwrite(line.data(), 1, line.size(), stream_) == line.size();
  if (std::fflush(stream_) != 0 || !written) NoteFailure(errno);
}

void ChangesFile::NoteFailure(int error) {
  if (error == EPIPE) {
    ended_ = true;
    // What is left in the buffer must not count as another failure at the end of the program.
    __fpurge(stream_);
    std::clearerr(stream_);
    return;
  }
  if (problem_.empty()) problem_ = error == 0 ? "write error" : std::strerror(error);
}

}  // namespace dbxes::report

// SPDX-License-Identifier: Apache-2.0
#include "base/os/file_bytes.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/os/folder.h"

namespace dbxes {
namespace {

constexpr std::size_t kChunk = 64 << 10;

class OpenAppendFile final : public AppendFile {
 public:
  OpenAppendFile(std::shared_ptr<Descriptor> file, std::string path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}
  Result<void> Append(std::string_view bytes) override {
    TRY(WriteAll(file_->get(), bytes, path_));
    size_ += bytes.size();
    return {};
  }
  Result<void> Sync() override {
    if (::fdatasync(file_->get()) != 0) return FailErrno("sync", path_, errno);
    return {};
  }
  std::uint64_t Size() const override { return size_; }

 private:
  std::shared_ptr<Descriptor> file_;
  std::string path_;
  std::uint64_t size_;
};

// What the file has from `offset` on, and a byte more, whose absence shows its end. It may grow,
// and files such as those in /proc have no size.
std::size_t FirstRoom(int fd, std::uint64_t offset, std::size_t length) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return 0;
  const auto size = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
  const std::uint64_t rest = size > offset ? size - offset : 0;
  return rest < length ? static_cast<std::size_t>(rest) + 1 : length;
}

}  // namespace

Result<void> WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return FailErrno("write", path, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string> ReadAt(int fd, std::uint64_t offset, std::size_t length,
                           const std::string& path) {
  std::string content(FirstRoom(fd, offset, length), '\0');
  std::size_t filled = 0;
  while (filled < length) {
    // Filling room that no byte needs costs as much as reading bytes.
    if (filled == content.size())
      content.resize(std::min(length, filled + std::max(filled, kChunk)));
    const ssize_t got = ::pread(fd, content.data() + filled, content.size() - filled,
                                static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailErrno("read", path, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

Result<std::string> ReadToEnd(int fd, std::size_t most, const std::string& path) {
  std::string content;
  std::string chunk(kChunk, '\0');
  for (;;) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailErrno("read", path, errno);
    if (got == 0) return content;
    content.append(chunk.data(), static_cast<std::size_t>(got));
    if (content.size() > most) {
      return Fail(ErrorKind::kInternal,
                  fmt::format("cannot read {}: it is longer than {} MiB", path, most >> 20));
    }
  }
}

Result<std::unique_ptr<AppendFile>> AppendTo(std::shared_ptr<Descriptor> file, std::uint64_t size,
                                             const std::string& path) {
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) return FailErrno("open", path, errno);
  if (static_cast<std::uint64_t>(status.st_size) < size) {
    return Fail(ErrorKind::kInternal,
                fmt::format("{} is shorter than its checkpoint says ({} < {})", path,
                            status.st_size, size));
  }
  if (::ftruncate(file->get(), static_cast<off_t>(size)) != 0) {
    return FailErrno("cut", path, errno);
  }
  return std::make_unique<OpenAppendFile>(std::move(file), path, size);
}

}  // namespace dbxes

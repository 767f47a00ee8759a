// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/folder_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/os/file_advice.h"

namespace dbxes::checkpoint {
namespace {

constexpr unsigned kFolderMode = 0700;
constexpr std::size_t kMostNote = 4096;

}  // namespace

std::string TargetFileName(const std::string& host, const std::string& index) {
  std::string readable = index;
  std::replace_if(
      readable.begin(), readable.end(), [](unsigned char c) { return c <= ' ' || c == '/'; }, '_');
  return readable.substr(0, 100) + "-" + ToHex64(Hash64(host + "/" + index)).substr(0, 8);
}

FolderPlace::FolderPlace(FileSystem& files, const FileProbe& probe, const Clock& clock,
                         std::string folder, const std::string& target_name)
    : files_(files),
      probe_(probe),
      clock_(clock),
      folder_(std::move(folder)),
      base_(folder_ + "/" + target_name) {}

Result<void> FolderPlace::Take(int pid) {
  auto made = files_.MakeFolders(folder_, kFolderMode);
  if (!made) {
    return Fail(ErrorKind::kConfig,
                fmt::format("{}: name a writable folder with --state-dir", made.error().message));
  }
  const std::string note = fmt::format("pid {}, since {}", pid, FormatUtc(clock_.WallMicros()));
  auto lock = files_.Lock(lock_path(), note);
  if (lock) {
    // Temporary files that killed runs left. Writing fails as well where this fails, and is
    // reported.
    (void)files_.RemoveAll(folder_, base_.substr(folder_.size() + 1) + ".", ".tmp");
    lock_ = *std::move(lock);
    return {};
  }
  Error error = std::move(lock.error());
  if (error.kind == ErrorKind::kLocked) {
    error.message = fmt::format("another run holds this target ({}); nothing was done",
                                error.message.empty() ? "unknown process" : error.message);
  } else {
    error.kind = ErrorKind::kConfig;
    const std::string_view advice = WritingAdvice(error);
    if (!advice.empty()) {
      error.message += fmt::format("; {}, or name another folder with --state-dir", advice);
    }
  }
  return Fail(std::move(error));
}

Result<void> FolderPlace::GiveBack() {
  lock_.reset();
  return {};
}

Result<std::optional<std::string>> FolderPlace::HeldBy() { return probe_.lock_holder(lock_path()); }

std::string FolderPlace::LastHolder() {
  return files_.ReadRange(lock_path(), 0, kMostNote).value_or("");
}

}  // namespace dbxes::checkpoint

// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/checkpoint_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/hash.h"
#include "base/random.h"

namespace dbxes::checkpoint {
namespace {

constexpr unsigned kFolderMode = 0700;
constexpr unsigned kFileMode = 0600;
constexpr std::size_t kStateIdLength = 32;

bool IsStateId(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return text.size() == kStateIdLength + 1 && text.back() == '\n' &&
         text.find_first_not_of(kDigits) == kStateIdLength;
}

}  // namespace

std::string TargetFileName(const std::string& host, const std::string& index) {
  std::string readable = index;
  std::replace_if(
      readable.begin(), readable.end(), [](unsigned char c) { return c <= ' ' || c == '/'; }, '_');
  return readable.substr(0, 100) + "-" + ToHex64(Hash64(host + "/" + index)).substr(0, 8);
}

Error CannotSave(Error error) {
  error.kind = ErrorKind::kConfig;
  error.message += "; make room there, or name another folder with --state-dir";
  return WithContext(std::move(error), "saving the state");
}

CheckpointStore::CheckpointStore(FileSystem& files, std::string folder,
                                 const std::string& target_name)
    : files_(files), folder_(std::move(folder)), base_(folder_ + "/" + target_name) {}

Result<void> CheckpointStore::MakeFolder() {
  auto made = files_.MakeFolders(folder_, kFolderMode);
  if (!made) {
    return Fail(ErrorKind::kConfig,
                fmt::format("{}: name a writable folder with --state-dir", made.error().message));
  }
  return {};
}

Result<std::unique_ptr<FileLock>> CheckpointStore::Lock(const Clock& clock, int pid) {
  TRY(MakeFolder());
  const std::string note = fmt::format("pid {}, since {}", pid, FormatUtc(clock.WallMicros()));
  auto lock = files_.Lock(base_ + ".lock", note);
  // Temporary files that killed runs left. Writing fails as well where this fails, and is reported.
  if (lock) (void)files_.RemoveAll(folder_, base_.substr(folder_.size() + 1) + ".", ".tmp");
  if (lock) return lock;
  Error error = std::move(lock.error());
  if (error.kind == ErrorKind::kLocked) {
    error.message = fmt::format("another run holds this target ({}); nothing was done",
                                error.message.empty() ? "unknown process" : error.message);
  } else {
    error.kind = ErrorKind::kConfig;
  }
  return Fail(std::move(error));
}

Result<void> CheckpointStore::LoadStateId(bool may_make) {
  auto text = files_.ReadFile(state_id_path());
  if (text && IsStateId(*text)) {
    state_id_ = text->substr(0, kStateIdLength);
    return {};
  }
  if (!text && text.error().kind != ErrorKind::kNotFound) {
    return Fail(ErrorKind::kConfig, text.error().message);
  }
  if (!may_make) return {};
  TRY_ASSIGN(const std::string random, RandomBytes(kStateIdLength / 2));
  std::string id;
  for (const char byte : random) id += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  auto saved = files_.ReplaceFile(state_id_path(), id + "\n", kFileMode);
  if (!saved) return Fail(CannotSave(std::move(saved.error())));
  state_id_ = std::move(id);
  return {};
}

Result<std::optional<Checkpoint>> CheckpointStore::Load() {
  auto text = files_.ReadFile(checkpoint_path());
  if (!text) {
    if (text.error().kind == ErrorKind::kNotFound) return std::nullopt;
    return Fail(ErrorKind::kConfig, text.error().message);
  }
  TRY_ASSIGN(auto checkpoint, ParseCheckpoint(*text, checkpoint_path()));
  on_disk_ = Hash64(*text);
  return checkpoint;
}

Result<void> CheckpointStore::Commit(const Checkpoint& checkpoint) {
  const std::string text = SerializeCheckpoint(checkpoint);
  const std::uint64_t hash = Hash64(text);
  if (on_disk_ == hash) return {};
  on_disk_.reset();
  auto saved = files_.ReplaceFile(checkpoint_path(), text, kFileMode);
  if (!saved) return Fail(CannotSave(std::move(saved.error())));
  on_disk_ = hash;
  return {};
}

}  // namespace dbxes::checkpoint

// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/checkpoint_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/hash.h"
#include "base/os/file_advice.h"
#include "base/random.h"

namespace dbxes::checkpoint {
namespace {

constexpr unsigned kFileMode = 0600;
constexpr std::size_t kStateIdLength = 32;

bool IsStateId(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return text.size() == kStateIdLength + 1 && text.back() == '\n' &&
         text.find_first_not_of(kDigits) == kStateIdLength;
}

// The tag says what to do.
Error Unreadable(Error error) {
  error.kind = ErrorKind::kConfig;
  return error;
}

}  // namespace

Error CannotSave(Error error) {
  // The cluster's errors say themselves what to do.
  if (error.kind != ErrorKind::kInternal) return WithContext(std::move(error), "saving the state");
  error.kind = ErrorKind::kConfig;
  const std::string_view advice = WritingAdvice(error);
  error.message += fmt::format("; {}{}name another folder with --state-dir", advice,
                               advice.empty() ? "" : ", or ");
  return WithContext(std::move(error), "saving the state");
}

CheckpointStore::CheckpointStore(StatePlace& place) : place_(place) {}

Result<void> CheckpointStore::LoadStateId(bool may_make) {
  auto text = files().ReadFile(state_id_path());
  if (text && IsStateId(*text)) {
    state_id_ = text->substr(0, kStateIdLength);
    return {};
  }
  if (!text && text.error().kind != ErrorKind::kNotFound) {
    return Fail(Unreadable(std::move(text.error())));
  }
  if (!may_make) return {};
  TRY_ASSIGN(std::string id, RandomHex(kStateIdLength / 2));
  auto saved = files().ReplaceFile(state_id_path(), id + "\n", kFileMode);
  if (!saved) return Fail(CannotSave(std::move(saved.error())));
  state_id_ = std::move(id);
  return WithContext(place_.Flush(), "saving the state");
}

Result<std::optional<Checkpoint>> CheckpointStore::Load() {
  auto text = files().ReadFile(checkpoint_path());
  if (!text) {
    if (text.error().kind == ErrorKind::kNotFound) return std::nullopt;
    return Fail(Unreadable(std::move(text.error())));
  }
  TRY_ASSIGN(auto checkpoint, ParseCheckpoint(*text, checkpoint_path(),
                                              files().HowToDiscard(/*with_checkpoint=*/false)));
  on_disk_ = Hash64(*text);
  return checkpoint;
}

Result<void> CheckpointStore::Commit(const Checkpoint& checkpoint) {
  TRY(CommitLater(checkpoint));
  return WithContext(place_.Flush(), "saving the state");
}

Result<void> CheckpointStore::CommitLater(const Checkpoint& checkpoint) {
  const std::string text = SerializeCheckpoint(checkpoint);
  const std::uint64_t hash = Hash64(text);
  if (on_disk_ == hash) return {};
  on_disk_.reset();
  auto saved = files().ReplaceFile(checkpoint_path(), text, kFileMode);
  if (!saved) return Fail(CannotSave(std::move(saved.error())));
  on_disk_ = hash;
  return {};
}

}  // namespace dbxes::checkpoint

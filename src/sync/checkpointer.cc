// SPDX-License-Identifier: Apache-2.0
#include "sync/checkpointer.h"

#include <utility>

namespace dbxes::sync {
namespace {

// Saved ahead, so that one save serves many pages; numbers are plentiful.
constexpr std::int64_t kReserve = 1'000'000;

}  // namespace

Checkpointer::Checkpointer(checkpoint::CheckpointStore* store, checkpoint::Checkpoint& state,
                           checkpoint::SyncSequence& sequence, elastic::ActionSink& sink,
                           std::uint64_t& next_token, checkpoint::FailuresFile& failures,
                           checkpoint::PendingDeletions& pending, checkpoint::SeenIds* seen)
    : store_(store),
      state_(state),
      sequence_(sequence),
      sink_(sink),
      failures_(failures),
      pending_(pending),
      seen_(seen),
      next_token_(next_token) {}

Result<void> Checkpointer::Reserve(std::size_t numbers) {
  // A run that finds no changes leaves the checkpoint as it is.
  if (numbers == 0 && state_.sync_seq_reserved > 0) return {};
  const std::int64_t needed = sequence_.last() + static_cast<std::int64_t>(numbers);
  if (needed < state_.sync_seq_reserved) return {};
  state_.sync_seq_reserved = needed + kReserve;
  return store_ != nullptr ? store_->Commit(state_) : Result<void>();
}

Result<void> Checkpointer::PageDone(const delta::Page& page) {
  unacknowledged_.push_back({next_token_, std::string(page.cursor), page.entries.size(),
                             seen_ != nullptr ? seen_->extent() : checkpoint::SideFileExtent{},
                             pending_.extent()});
  sink_.Mark(next_token_++);
  return SaveAcknowledged();
}

void Checkpointer::Advance(const PageEnd& page) {
  state_.root.cursor = page.cursor;
  state_.pending = page.pending;
  if (!state_.full_sync) return;
  state_.full_sync->seen = page.seen;
  state_.full_sync->entries += page.entries;
  ++state_.full_sync->pages;
}

Result<void> Checkpointer::SaveAcknowledged() {
  const auto released = sink_.TakeReleasedMark();
  if (!released) return {};
  bool moved = false;
  while (!unacknowledged_.empty() && unacknowledged_.front().token <= *released) {
    Advance(unacknowledged_.front());
    unacknowledged_.pop_front();
    moved = true;
  }
  return moved ? Save() : Result<void>();
}

Result<void> Checkpointer::Save() {
  if (store_ == nullptr) {
    // Nothing to come back to, but memory to be freed.
    TRY(pending_.Flush());
    return seen_ != nullptr ? seen_->Flush() : Result<void>();
  }
  // First what the checkpoint counts, then the checkpoint that counts it.
  Result<void> synced = failures_.Sync();
  if (synced) synced = pending_.Sync();
  if (synced && seen_ != nullptr) synced = seen_->Sync();
  if (!synced) return Fail(checkpoint::CannotSave(std::move(synced.error())));
  return store_->Commit(state_);
}

}  // namespace dbxes::sync

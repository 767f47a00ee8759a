// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/ledger.h"

#include <algorithm>
#include <utility>

namespace dbxes::sync {
namespace {

// Saved ahead, so that one save serves many pages; numbers are plentiful.
constexpr std::int64_t kReserve = 1'000'000;
constexpr std::int64_t kHourMicros = 3'600'000'000;
constexpr std::string_view kScratchPending = "/scratch.pending";
constexpr std::string_view kScratchSeen = "/scratch.seen";

}  // namespace

Ledger::Ledger(const Clock& clock, Place place)
    : clock_(clock),
      place_(std::move(place)),
      store_(place_.state),
      failures_(place_.state.files(), clock, place_.keeps ? store_.failures_path() : "") {}

Result<void> Ledger::Open(int pid, bool reads_checkpoint) {
  if (place_.keeps) {
    TRY(place_.state.Take(pid));
  } else if (reads_checkpoint) {
    TRY(place_.state.Open());
  }
  TRY(failures_.Load());
  if (reads_checkpoint) TRY(store_.LoadStateId(/*may_make=*/place_.keeps));
  if (reads_checkpoint) {
    TRY_ASSIGN(auto loaded, store_.Load());
    has_checkpoint_ = loaded.has_value();
    if (has_checkpoint_) checkpoint_ = std::move(*loaded);
  }
  // How many documents such writes may add is not known.
  if (has_taken_over() || checkpoint_.late_writes.Are()) checkpoint_.index.documents.reset();
  if (has_taken_over() && has_checkpoint_) {
    NoteLateWrites();
    place_.state.NoteTakenOver();
    TRY(store_.CommitLater(checkpoint_));
  }
  sequence_.emplace(clock_.WallMicros(), checkpoint_.sync_seq_reserved);
  return {};
}

// Until a later run has looked for them (runs/late_writes.h).
void Ledger::NoteLateWrites() {
  checkpoint::LateWrites& late = checkpoint_.late_writes;
  // Of a checkpoint that does not say: one reservation was under way.
  const std::int64_t after =
      checkpoint_.sync_seq_saved > 0
          ? checkpoint_.sync_seq_saved
          : std::max<std::int64_t>(0, checkpoint_.sync_seq_reserved - 2 * kReserve);
  late.after = late.Are() ? std::min(late.after, after) : after;
  late.last = checkpoint_.sync_seq_reserved;
}

bool Ledger::IsHourSince(std::int64_t micros) const {
  const std::int64_t age = NowMicros() - micros;
  // A clock that was set back must not put it off.
  return age < 0 || age >= kHourMicros;
}

Result<void> Ledger::BeginListing() {
  pending_.emplace(side_files(), SidePath(store_.pending_path(), kScratchPending));
  seen_.emplace(side_files(), SidePath(store_.seen_path(), kScratchSeen));
  pending_->TrackCover();
  TRY(pending_->Open(checkpoint_.pending));
  return seen_->Open(checkpoint_.full_sync->seen);
}

Result<void> Ledger::BeginChanges() {
  pending_.emplace(side_files(), SidePath(store_.pending_path(), kScratchPending));
  seen_.reset();
  return pending_->Open(place_.keeps ? checkpoint_.pending : checkpoint::SideFileExtent{});
}

Result<void> Ledger::Reserve(std::size_t numbers) {
  // A run that finds no changes leaves the checkpoint as it is.
  if (numbers == 0 && checkpoint_.sync_seq_reserved > 0) return {};
  const std::int64_t needed = sequence_->last() + static_cast<std::int64_t>(numbers);
  if (needed < checkpoint_.sync_seq_reserved) return {};
  checkpoint_.sync_seq_reserved = needed + kReserve;
  return place_.keeps ? store_.Commit(checkpoint_) : Result<void>();
}

Result<void> Ledger::Save() {
  if (!place_.keeps) {
    // Nothing to come back to, but memory to be freed.
    if (pending_) TRY(pending_->Flush());
    return seen_ ? seen_->Flush() : Result<void>();
  }
  if (confirm_) TRY(confirm_());
  TRY(SyncSideFiles());
  return store_.Commit(checkpoint_);
}

Result<void> Ledger::SaveLater() {
  if (!place_.keeps) return Save();
  if (confirm_) TRY(confirm_());
  TRY(SyncSideFiles());
  return store_.CommitLater(checkpoint_);
}

Result<void> Ledger::FlushFailures() {
  // A run without any saves nothing more than it has to.
  return place_.keeps && failures_.HasRecords() ? place_.state.Flush() : Result<void>();
}

// First what the checkpoint counts, then the checkpoint that counts it.
Result<void> Ledger::SyncSideFiles() {
  Result<void> synced = failures_.Sync();
  if (synced && pending_) synced = pending_->Sync();
  if (synced && seen_) synced = seen_->Sync();
  if (!synced) return Fail(checkpoint::CannotSave(std::move(synced.error())));
  return {};
}

}  // namespace dbxes::sync

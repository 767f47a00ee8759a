// SPDX-License-Identifier: Apache-2.0
// What a run leaves for the next one: the checkpoint, the side files that it covers, the failures,
// and the numbers of writes. Held under a lock for the whole run. A run that keeps nothing (a dry
// run, an output file) has a ledger as well, whose side files are scratch files. The place of the
// state is a folder or the cluster (checkpoint/state_place.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/os/file_system.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/checkpoint_store.h"
#include "checkpoint/failures_file.h"
#include "checkpoint/pending_deletions.h"
#include "checkpoint/seen_ids.h"
#include "checkpoint/state_place.h"
#include "checkpoint/sync_sequence.h"

namespace dbxes::sync {

class Ledger {
 public:
  // Where a ledger is kept.
  struct Place {
    checkpoint::StatePlace& state;
    FileSystem& scratch;         // of a run that keeps nothing
    bool keeps = true;           // false: nothing outlasts the run
    std::string host_name = {};  // of this machine, for people
  };
  Ledger(const Clock& clock, Place place);

  // Takes the place of the state and reads what earlier runs left; the place records `pid`. The
  // caller, who made the place, gives it back. Without `reads_checkpoint` the run starts as if
  // there had been no other. kLocked when another run holds the target, kConfig for damaged files.
  Result<void> Open(int pid, bool reads_checkpoint);

  bool keeps() const { return place_.keeps; }
  // Names this ledger in the index that it keeps; "" for a run that keeps nothing and finds none.
  const std::string& state_id() const { return store_.state_id(); }
  const std::string& host_name() const { return place_.host_name; }
  // To the cluster, for a state that is kept there.
  SenderCounters requests() const { return place_.state.counters(); }
  std::int64_t NowMicros() const { return clock_.WallMicros(); }
  // Whether a look that was made at `micros` is due again, which runs that find nothing make once
  // an hour.
  bool IsHourSince(std::int64_t micros) const;
  // Whether the run before this one was killed, and requests of it may still be on their way.
  bool has_taken_over() const { return place_.keeps && place_.state.HasTakenOver(); }
  // Whether an earlier run left a checkpoint.
  bool has_checkpoint() const { return has_checkpoint_; }
  checkpoint::Checkpoint& checkpoint() { return checkpoint_; }
  const checkpoint::Checkpoint& checkpoint() const { return checkpoint_; }
  checkpoint::FailuresFile& failures() { return failures_; }
  const checkpoint::FailuresFile& failures() const { return failures_; }
  checkpoint::SyncSequence& sequence() { return *sequence_; }

  // The side files of one pass over the change feed, made anew where a full sync starts over.
  // BeginListing for a full one, which has seen ids as well.
  Result<void> BeginListing();
  Result<void> BeginChanges();
  checkpoint::PendingDeletions& pending() { return *pending_; }
  checkpoint::SeenIds* seen() { return seen_ ? &*seen_ : nullptr; }

  // Before `numbers` more numbers of the sequence are used: makes sure that a run after a crash
  // starts above them.
  Result<void> Reserve(std::size_t numbers);
  // Saves the checkpoint, and before it the side files that it counts. Every write that it counts
  // has to be acknowledged.
  Result<void> Save();
  // The same for a checkpoint that counts nothing more than before but read pages without entries:
  // a place that takes its time for each save may wait for the next one, or for the end of the run.
  Result<void> SaveLater();
  // Makes failures durable that no checkpoint passes any more.
  Result<void> FlushFailures();
  // Asked by Save before the checkpoint counts more writes than before; its error ends the Save.
  void ConfirmSavesWith(std::function<Result<void>()> confirm) { confirm_ = std::move(confirm); }

 private:
  // The name of a side file, and where it is.
  DurableFiles& side_files() { return place_.keeps ? place_.state.files() : place_.scratch; }
  std::string SidePath(const std::string& path, std::string_view of_scratch) const {
    return place_.keeps ? path : std::string(of_scratch);
  }
  Result<void> SyncSideFiles();
  void NoteLateWrites();

  const Clock& clock_;
  Place place_;
  checkpoint::CheckpointStore store_;
  checkpoint::FailuresFile failures_;
  checkpoint::Checkpoint checkpoint_;
  std::function<Result<void>()> confirm_;
  bool has_checkpoint_ = false;
  std::optional<checkpoint::SyncSequence> sequence_;
  std::optional<checkpoint::PendingDeletions> pending_;
  std::optional<checkpoint::SeenIds> seen_;
};

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// The checkpoint in its place, and the names of the side files that it covers. A side file is
// synced before the checkpoint that counts its bytes, so the counted bytes are always there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checkpoint/checkpoint.h"
#include "checkpoint/state_place.h"

namespace dbxes::checkpoint {

// An error of saving the state. One of a disk gets advice: the user must fix a full or read-only
// disk. The next run repeats what was not saved.
Error CannotSave(Error error);

class CheckpointStore {
 public:
  explicit CheckpointStore(StatePlace& place);

  // Reads the id of this state, by which an index names its keeper: random, made once and kept in a
  // part of its own, because an index is claimed before there is a checkpoint. Without `may_make`
  // it stays "" until a run has made it.
  Result<void> LoadStateId(bool may_make);
  const std::string& state_id() const { return state_id_; }
  // Nothing if there is no checkpoint yet. kConfig for a damaged one or one of a newer version.
  Result<std::optional<Checkpoint>> Load();
  // Makes the checkpoint durable, and with it what the side files synced. Writes nothing if the
  // place has the same already: to sync it would take most of the time of a run without changes.
  Result<void> Commit(const Checkpoint& checkpoint);
  // The same without waiting for it: durable with the next Commit, or when the run ends.
  // For progress that a killed run may repeat.
  Result<void> CommitLater(const Checkpoint& checkpoint);

  DurableFiles& files() const { return place_.files(); }
  std::string checkpoint_path() const { return place_.base() + ".json"; }
  std::string state_id_path() const { return place_.base() + ".id"; }
  std::string seen_path() const { return place_.base() + ".seen"; }
  std::string pending_path() const { return place_.base() + ".pending"; }
  std::string failures_path() const { return place_.base() + ".failures.ndjson"; }

 private:
  StatePlace& place_;
  std::string state_id_;
  // Hash of the checkpoint as last read or written; nothing if it is unknown.
  std::optional<std::uint64_t> on_disk_;
};

}  // namespace dbxes::checkpoint

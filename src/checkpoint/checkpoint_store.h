// SPDX-License-Identifier: Apache-2.0
// The state folder of one sync target: the checkpoint and the side files that it covers. A side
// file is synced before the checkpoint that counts its bytes, so the counted bytes are always
// there.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/os/file_system.h"
#include "checkpoint/checkpoint.h"

namespace dbxes::checkpoint {

// A unique name for the files of a target: the readable name of the index, and a hash of host and
// index.
std::string TargetFileName(const std::string& host, const std::string& index);

// An error of writing to the state folder, with advice: the user must fix a full or read-only disk.
// The next run repeats what was not saved.
Error CannotSave(Error error);

class CheckpointStore {
 public:
  // `folder` is created on the first write, private to the user.
  CheckpointStore(FileSystem& files, std::string folder, const std::string& target_name);

  // Holds the target until the result is destroyed or the process ends. kLocked, naming the process
  // that holds it and since when, if another run does.
  Result<std::unique_ptr<FileLock>> Lock(const Clock& clock, int pid);
  // Reads the id of this state, by which an index names its keeper: random, made once and kept in a
  // file of its own, because an index is claimed before there is a checkpoint. Without `may_make`
  // it stays "" until a run has made it.
  Result<void> LoadStateId(bool may_make);
  const std::string& state_id() const { return state_id_; }
  // Nothing if there is no checkpoint yet. kConfig for a damaged one or one of a newer version.
  Result<std::optional<Checkpoint>> Load();
  // Writes nothing if the file has the same content: to sync it would take most of the time of a
  // run without changes.
  Result<void> Commit(const Checkpoint& checkpoint);

  FileSystem& files() const { return files_; }
  std::string checkpoint_path() const { return base_ + ".json"; }
  std::string state_id_path() const { return base_ + ".id"; }
  std::string seen_path() const { return base_ + ".seen"; }
  std::string pending_path() const { return base_ + ".pending"; }
  std::string failures_path() const { return base_ + ".failures.ndjson"; }
  Result<void> MakeFolder();

 private:
  FileSystem& files_;
  std::string folder_;
  std::string base_;
  std::string state_id_;
  // Hash of the checkpoint as last read or written; nothing if it is unknown.
  std::optional<std::uint64_t> on_disk_;
};

}  // namespace dbxes::checkpoint

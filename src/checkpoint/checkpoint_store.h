// SPDX-License-Identifier: Apache-2.0
// The state folder of one sync target: the checkpoint and the side files that it covers. A side
// file is synced before the checkpoint that counts its bytes is, so what is counted is there.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/os/file_system.h"
#include "checkpoint/checkpoint.h"

namespace dbxes::checkpoint {

// A name for the files of a target that no other target has: the index, readable, and a hash of
// host and index.
std::string TargetFileName(const std::string& host, const std::string& index);

// `error` of writing in the state folder, with words: a full or read-only disk is a person's to
// mend. What was not saved is done again by the next run.
Error CannotSave(Error error);

class CheckpointStore {
 public:
  // `folder` is made on the first write, private to the user.
  CheckpointStore(FileSystem& files, std::string folder, const std::string& target_name);

  // Holds the target until the result is destroyed or the process ends. kLocked, naming the process
  // that holds it and since when, if another run does.
  Result<std::unique_ptr<FileLock>> Lock(const Clock& clock, int pid);
  // Nothing when there is no checkpoint yet. kConfig for a damaged one or one of a newer version.
  Result<std::optional<Checkpoint>> Load();
  // Nothing is written where the file says the same already: what it costs to make that durable
  // would be most of a run that finds no changes.
  Result<void> Commit(const Checkpoint& checkpoint);

  FileSystem& files() const { return files_; }
  std::string checkpoint_path() const { return base_ + ".json"; }
  std::string seen_path() const { return base_ + ".seen"; }
  std::string pending_path() const { return base_ + ".pending"; }
  std::string failures_path() const { return base_ + ".failures.ndjson"; }
  Result<void> MakeFolder();

 private:
  FileSystem& files_;
  std::string folder_;
  std::string base_;
  // Hash of the checkpoint as last read or written; nothing when that is not known.
  std::optional<std::uint64_t> on_disk_;
};

}  // namespace dbxes::checkpoint

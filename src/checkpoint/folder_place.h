// SPDX-License-Identifier: Apache-2.0
// State in a folder: files with a common beginning of their names, and a lock of the kernel. Each
// replaced or synced file is durable at once.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/os/file_probe.h"
#include "checkpoint/state_place.h"

namespace dbxes::checkpoint {

// A unique name for the files of a target: the readable name of the index, and a hash of host and
// index.
std::string TargetFileName(const std::string& host, const std::string& index);

class FolderPlace final : public StatePlace {
 public:
  // `folder` is made when the place is taken, private to the user.
  FolderPlace(FileSystem& files, const FileProbe& probe, const Clock& clock, std::string folder,
              const std::string& target_name);

  DurableFiles& files() override { return files_; }
  const std::string& base() const override { return base_; }
  Result<void> Open() override { return {}; }
  // kConfig for a folder that cannot be written.
  Result<void> Take(int pid) override;
  Result<void> Flush() override { return {}; }
  Result<void> GiveBack() override;
  // The kernel does not keep who held the lock before.
  bool HasTakenOver() const override { return false; }
  void NoteTakenOver() override {}
  bool IsHeld() const override { return lock_ != nullptr; }
  void WhenHeld(std::function<void(Result<void>)> done) override { done({}); }
  Result<std::optional<std::string>> HeldBy() override;
  std::string LastHolder() override;
  SenderCounters counters() const override { return {}; }

 private:
  std::string lock_path() const { return base_ + ".lock"; }

  FileSystem& files_;
  const FileProbe& probe_;
  const Clock& clock_;
  std::string folder_;
  std::string base_;
  std::unique_ptr<FileLock> lock_;
};

}  // namespace dbxes::checkpoint

// SPDX-License-Identifier: Apache-2.0
// Deletions that the change feed called for, kept until the feed is drained: deleting at once would
// throw away what a later entry only carried elsewhere. A side file that only grows, covered by the
// checkpoint (Dropbox HTTP API: applying a delta).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/file_system.h"

namespace dbxes {

// Removes what is at `path` and was written before `seq`.
struct PendingDeletion {
  std::string path;      // path_lower
  std::int64_t seq = 0;  // documents with a sync_seq below it go
  bool subtree = true;   // and everything under the path
  std::string keep_id;   // never this one: the entry that took the place
};

class PendingDeletions {
 public:
  PendingDeletions(FileSystem& files, std::string path);

  // Takes up the first `bytes` of the file (0: starts over).
  Result<void> Open(std::uint64_t bytes);
  void Add(const PendingDeletion& deletion);
  // Durable from here on.
  Result<void> Sync();
  std::uint64_t bytes() const { return bytes_; }
  bool empty() const { return bytes_ == 0; }

  // Whether a pending deletion of a subtree covers `path`: what stands there must be written again
  // even when nothing in it changed. Kept in memory, so only asked for by full listings, where
  // deletions are rare; call TrackCover before Open.
  void TrackCover() { track_cover_ = true; }
  bool Covers(std::string_view path) const;

  // Calls `visit` with batches of at most `batch_size` in the order noted.
  Result<void> ForEachBatch(
      std::size_t batch_size,
      const std::function<Result<void>(const std::vector<PendingDeletion>&)>& visit);
  Result<void> Clear();

 private:
  FileSystem& files_;
  std::string path_;
  std::unique_ptr<AppendFile> file_;
  std::string unwritten_;
  std::uint64_t bytes_ = 0;
  bool track_cover_ = false;
  std::unordered_set<std::uint64_t> cover_;  // Hash64 of paths
};

}  // namespace dbxes

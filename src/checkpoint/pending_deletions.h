// SPDX-License-Identifier: Apache-2.0
// Deletions that the change feed called for, kept until the feed is drained: deleting at once would
// throw away what a later entry only carried elsewhere. A side file that only grows, covered by the
// checkpoint (Dropbox HTTP API: applying a delta).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/os/file_system.h"
#include "checkpoint/side_file.h"

namespace dbxes::checkpoint {

// Removes what is at `path`, or what has `id`, and was written before `seq`.
struct PendingDeletion {
  std::string path;      // path_lower; "" where there is an id
  std::int64_t seq = 0;  // documents with a sync_seq below it go
  bool subtree = true;   // and everything under the path
  std::string keep_id;   // never this one: the entry that took the place
  std::string id = {};   // wherever it is; path, subtree and keep_id mean nothing then

  static PendingDeletion OfId(std::string_view id, std::int64_t seq) {
    return {"", seq, false, "", std::string(id)};
  }
};

class PendingDeletions {
 public:
  PendingDeletions(FileSystem& files, std::string path);

  // Takes up what a checkpoint counts (nothing: starts over). kConfig when the file is damaged.
  Result<void> Open(const SideFileExtent& extent);
  void Add(const PendingDeletion& deletion);
  // Durable from here on.
  Result<void> Flush() { return file_.Flush(); }
  Result<void> Sync() { return file_.Sync(); }
  SideFileExtent extent() const { return file_.extent(); }  // what the next Sync covers
  bool empty() const { return file_.extent().bytes == 0; }

  // Whether a pending deletion of a subtree covers `path`: what stands there must be written again
  // even when nothing in it changed. Kept in memory, so only asked for by full listings, where
  // deletions are rare; call TrackCover before Open.
  void TrackCover() { track_cover_ = true; }
  bool Covers(std::string_view path) const;

  // Calls `visit` with batches of at most `batch_size` in the order noted.
  Result<void> ForEachBatch(
      std::size_t batch_size,
      const std::function<Result<void>(const std::vector<PendingDeletion>&)>& visit);
  Result<void> Clear() { return file_.Remove(); }

 private:
  void Remember(const PendingDeletion& deletion);

  std::string path_;
  SideFile file_;
  bool track_cover_ = false;
  std::unordered_set<std::uint64_t> cover_;  // Hash64 of paths
};

}  // namespace dbxes::checkpoint

// SPDX-License-Identifier: Apache-2.0
// Deletions from the change feed, kept until the feed is drained: to delete at once would lose
// documents that a later entry shows at another path. A side file that only grows, covered by the
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

// Removes the documents at `path`, or the document `id`, that were written before `seq`.
struct PendingDeletion {
  std::string path;      // path_lower; "" if `id` is set
  std::int64_t seq = 0;  // documents with a lower sync_seq are deleted
  bool subtree = true;   // deletes everything under the path, too
  std::string keep_id;   // never deleted: the entry that is at the path now
  std::string id = {};   // at any path; path, subtree and keep_id mean nothing then

  static PendingDeletion OfId(std::string_view id, std::int64_t seq) {
    return {"", seq, false, "", std::string(id)};
  }
};

class PendingDeletions {
 public:
  PendingDeletions(DurableFiles& files, std::string path);

  // Loads the part that a checkpoint counts (nothing: starts over). kConfig if the file is damaged.
  Result<void> Open(const SideFileExtent& extent);
  void Add(const PendingDeletion& deletion);
  // Makes everything added so far durable.
  Result<void> Flush() { return file_.Flush(); }
  Result<void> Sync() { return file_.Sync(); }
  SideFileExtent extent() const { return file_.extent(); }  // what the next Sync covers
  bool empty() const { return file_.extent().bytes == 0; }

  // True if a pending deletion of a subtree covers `path`: a document there must be written again
  // even if it did not change. Takes memory, so only full listings use it, which have few
  // deletions; call TrackCover before Open.
  void TrackCover() { track_cover_ = true; }
  bool Covers(std::string_view path) const;

  // Calls `visit` with batches of at most `batch_size`, in the order of Add.
  Result<void> ForEachBatch(
      std::size_t batch_size,
      const std::function<Result<void>(const std::vector<PendingDeletion>&)>& visit);
  Result<void> Clear() { return file_.Remove(); }

 private:
  void Remember(const PendingDeletion& deletion);

  DurableFiles& files_;
  std::string path_;
  SideFile file_;
  bool track_cover_ = false;
  std::unordered_set<std::uint64_t> cover_;  // Hash64 of paths
};

}  // namespace dbxes::checkpoint

// SPDX-License-Identifier: Apache-2.0
// Applies the rules of the change feed (Dropbox HTTP API: applying a delta) to a page: what must be
// deleted is noted for the end, what must be looked at is passed on.
#pragma once

#include <cstdint>
#include <vector>

#include "checkpoint/pending_deletions.h"
#include "checkpoint/seen_ids.h"
#include "delta/page_parser.h"
#include "elastic/bulk_batch.h"
#include "sync/sequence.h"

namespace dbxes {

// A file or folder entry that may have to be written.
struct Change {
  const Entry* entry = nullptr;
  std::int64_t seq = 0;
  // Write it even when the index holds it unchanged: a pending deletion would remove it otherwise.
  bool forced = false;
};

class ChangeStage {
 public:
  // `seen` is null for an incremental run: there each entry is a change, and each may have replaced
  // something that the feed never mentions. A full listing knows what it listed before.
  ChangeStage(PendingDeletions& pending, SeenIds* seen, SyncSequence& sequence);

  // The changes of a page in order; valid until the next call. Of several entries with one id only
  // the last is passed on; what the others replaced is noted all the same.
  const std::vector<Change>& Note(const Page& page);
  // Entries of a kind that this version does not know.
  std::uint64_t unknown() const { return unknown_; }

 private:
  void NoteDeleted(const Entry& entry);
  void NotePlaced(const Entry& entry, const SeenIds::Key& key);
  void MakeKeys(const Page& page, std::size_t end);
  void KeepLastOfEachId(const Page& page);

  PendingDeletions& pending_;
  SeenIds* seen_;
  SyncSequence& sequence_;
  std::vector<Change> changes_;
  std::vector<SeenIds::Key> keys_;  // of the entries of one page
  IdSet ids_;                       // of one page
  std::uint64_t unknown_ = 0;
};

}  // namespace dbxes

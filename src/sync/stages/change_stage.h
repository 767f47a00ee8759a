// SPDX-License-Identifier: Apache-2.0
// Applies the rules of the change feed (Dropbox HTTP API: applying a delta) to a page: what must be
// deleted is noted for the end, what must be looked at is passed on.
#pragma once

#include <cstdint>
#include <vector>

#include "base/id_set.h"
#include "checkpoint/pending_deletions.h"
#include "checkpoint/seen_ids.h"
#include "checkpoint/sync_sequence.h"
#include "delta/change.h"
#include "delta/page_parser.h"

namespace dbxes::sync {

class ChangeStage {
 public:
  // `seen` is null for an incremental run: there each entry is a change, and each may have replaced
  // something that the feed never mentions. A full listing knows what it listed before.
  ChangeStage(checkpoint::PendingDeletions& pending, checkpoint::SeenIds* seen,
              checkpoint::SyncSequence& sequence);

  // The changes of a page in order; valid until the next call. Of several entries with one id only
  // the last is passed on; what the others replaced is noted all the same.
  const std::vector<delta::Change>& Note(const delta::Page& page);
  // Entries of a kind that this version does not know.
  std::uint64_t unknown() const { return unknown_; }

 private:
  void NoteDeleted(const delta::Entry& entry);
  void NotePlaced(const delta::Entry& entry, const checkpoint::SeenIds::Key& key);
  void MakeKeys(const delta::Page& page, std::size_t end);
  void KeepLastOfEachId(const delta::Page& page);

  checkpoint::PendingDeletions& pending_;
  checkpoint::SeenIds* seen_;
  checkpoint::SyncSequence& sequence_;
  std::vector<delta::Change> changes_;
  std::vector<checkpoint::SeenIds::Key> keys_;  // of the entries of one page
  IdSet ids_;                                   // of one page
  std::uint64_t unknown_ = 0;
};

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// Acknowledgements to checkpoints: a page's cursor is saved only when every write of the page, and
// of those before it, was acknowledged or is recorded as failed.
#pragma once

#include <deque>
#include <string>

#include "checkpoint/checkpoint.h"
#include "checkpoint/checkpoint_store.h"
#include "checkpoint/failures_file.h"
#include "checkpoint/pending_deletions.h"
#include "checkpoint/seen_ids.h"
#include "checkpoint/sync_sequence.h"
#include "delta/page_parser.h"
#include "elastic/action_sink.h"

namespace dbxes::sync {

class Checkpointer {
 public:
  // `store` is null when nothing is to be saved (a dry run, --output). `seen` is null outside of
  // full syncs. `next_token` numbers the marks of all checkpointers of one sink: a mark that an
  // abandoned pass left in flight must not pass for one of ours.
  Checkpointer(checkpoint::CheckpointStore* store, checkpoint::Checkpoint& state,
               checkpoint::SyncSequence& sequence, elastic::ActionSink& sink,
               std::uint64_t& next_token, checkpoint::FailuresFile& failures,
               checkpoint::PendingDeletions& pending, checkpoint::SeenIds* seen);

  // Before numbers are used: makes sure that a run after a crash starts above them.
  Result<void> Reserve(std::size_t numbers);
  // After a page's actions were handed to the sink. Saves the latest page that is acknowledged.
  Result<void> PageDone(const delta::Page& page);
  // Saves the latest page that is acknowledged by now.
  Result<void> SaveAcknowledged();
  // Saves `state` as it is, the sink being drained.
  Result<void> Save();

 private:
  struct PageEnd {
    std::uint64_t token;
    std::string cursor;
    std::uint64_t entries;
    checkpoint::SideFileExtent seen;
    checkpoint::SideFileExtent pending;
  };
  void Advance(const PageEnd& page);

  checkpoint::CheckpointStore* store_;
  checkpoint::Checkpoint& state_;
  checkpoint::SyncSequence& sequence_;
  elastic::ActionSink& sink_;
  checkpoint::FailuresFile& failures_;
  checkpoint::PendingDeletions& pending_;
  checkpoint::SeenIds* seen_;
  std::deque<PageEnd> unacknowledged_;
  std::uint64_t& next_token_;
};

}  // namespace dbxes::sync

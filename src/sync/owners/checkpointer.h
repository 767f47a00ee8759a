// SPDX-License-Identifier: Apache-2.0
// Acknowledgements to checkpoints: a page's cursor is saved only when every write of the page, and
// of those before it, was acknowledged or is recorded as failed.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "checkpoint/side_file.h"
#include "delta/page_parser.h"
#include "elastic/action_sink.h"
#include "sync/owners/ledger.h"

namespace dbxes::sync {

class Checkpointer {
 public:
  // One for all passes of a run: marks are numbered on, so that one which an abandoned pass left in
  // flight does not pass for one of the next.
  Checkpointer(Ledger& ledger, elastic::ActionSink& sink);

  // A pass over the feed begins; pages of an earlier one that are not acknowledged are forgotten.
  void BeginPass();
  bool has_begun() const { return has_begun_; }
  // After a page's actions were handed to the sink. Saves the latest page that is acknowledged.
  Result<void> PageDone(const delta::Page& page);
  // Moves the checkpoint to the latest page that is acknowledged by now, without saving it. Whether
  // it moved.
  bool Advance();
  // The same, and saves it if it moved.
  Result<void> SaveAcknowledged();

 private:
  struct PageEnd {
    std::uint64_t mark;
    std::string cursor;
    std::uint64_t entries;
    std::int64_t last_seq;  // the last number that a write of the page has
    checkpoint::SideFileExtent seen;
    checkpoint::SideFileExtent pending;
  };
  void MoveTo(const PageEnd& page);
  Result<void> Save();

  Ledger& ledger_;
  elastic::ActionSink& sink_;
  std::deque<PageEnd> unacknowledged_;
  std::uint64_t next_mark_ = 1;
  bool has_begun_ = false;
  bool has_news_ = false;  // pages with entries that no save counts yet
};

}  // namespace dbxes::sync

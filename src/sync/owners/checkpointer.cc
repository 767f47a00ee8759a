// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/checkpointer.h"

#include <utility>

namespace dbxes::sync {

Checkpointer::Checkpointer(Ledger& ledger, elastic::ActionSink& sink)
    : ledger_(ledger), sink_(sink) {}

void Checkpointer::BeginPass() {
  unacknowledged_.clear();
  has_begun_ = true;
}

Result<void> Checkpointer::PageDone(const delta::Page& page) {
  const checkpoint::SeenIds* seen = ledger_.seen();
  unacknowledged_.push_back({next_mark_, std::string(page.cursor), page.entries.size(),
                             ledger_.sequence().last(),
                             seen != nullptr ? seen->extent() : checkpoint::SideFileExtent{},
                             ledger_.pending().extent()});
  sink_.Mark(next_mark_++);
  return SaveAcknowledged();
}

void Checkpointer::MoveTo(const PageEnd& page) {
  checkpoint::Checkpoint& state = ledger_.checkpoint();
  has_news_ = has_news_ || page.entries > 0;
  if (page.entries > 0) state.sync_seq_saved = page.last_seq;
  state.root.cursor = page.cursor;
  state.pending = page.pending;
  if (!state.full_sync) return;
  state.full_sync->seen = page.seen;
  state.full_sync->entries += page.entries;
  ++state.full_sync->pages;
}

bool Checkpointer::Advance() {
  const auto released = sink_.TakeReleasedMark();
  if (!released) return false;
  bool moved = false;
  while (!unacknowledged_.empty() && unacknowledged_.front().mark <= *released) {
    MoveTo(unacknowledged_.front());
    unacknowledged_.pop_front();
    moved = true;
  }
  return moved;
}

Result<void> Checkpointer::SaveAcknowledged() { return Advance() ? Save() : Result<void>(); }

// A run that finds no changes leaves its only save to the end.
Result<void> Checkpointer::Save() {
  return std::exchange(has_news_, false) ? ledger_.Save() : ledger_.SaveLater();
}

}  // namespace dbxes::sync

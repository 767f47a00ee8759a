// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/feed.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

#include "elastic/search.h"
#include "sync/deletion/safety.h"
#include "sync/pipeline.h"

namespace dbxes::sync {
namespace {

// Deletes within the limit.
Result<void> DeleteGone(Ledger& ledger, Target& target) {
  const config::MaxDelete& limit = target.max_delete();
  const Outlet& outlet = target.outlet();
  Eraser eraser = target.MakeEraser();
  if (limit.unlimited) return eraser.Apply(ledger.pending());
  // Only an index that no run has counted yet is asked.
  const auto size = [&]() -> Result<std::uint64_t> {
    const std::optional<std::uint64_t>& left = ledger.checkpoint().index.documents;
    if (left && !ledger.checkpoint().full_sync) return *left + outlet.counters().created;
    return elastic::Count(target.client(), target.index());
  };
  const auto check = [&](const FeedDeletions& gone) {
    return CheckFeedDeletions(limit, gone,
                              ledger.checkpoint().full_sync ? "full-sync" : "incremental", size);
  };
  if (outlet.destination() == Destination::kCluster) return eraser.Apply(ledger.pending(), check);
  // In a dry run, documents that would have moved are still found at their old path. Only the
  // outlet knows them.
  const std::uint64_t before = outlet.counters().deleted;
  FeedDeletions found;
  TRY(eraser.Apply(ledger.pending(), [&](const FeedDeletions& gone) -> Result<void> {
    found = gone;
    return {};
  }));
  found.count = outlet.counters().deleted - before;
  return check(found);
}

}  // namespace

Result<void> ReadFeed(delta::DeltaReader& feed, const Clock& clock, Ledger& ledger, Target& target,
                      EntryStages& stages, Progress& progress) {
  ChangeStage changes(ledger.pending(), ledger.seen(), ledger.sequence());
  RuleStage rules(stages.selection().judge(), stages.selection().filter(), ledger.pending(),
                  ledger.seen(), progress.counters(), progress.changes());
  TRY(RunPipeline({feed, changes, rules, stages.permissions(), stages.documents(),
                   target.outlet().content(), target.checkpointer()},
                  ledger, progress, clock));
  if (changes.unknown() > 0) {
    progress.reporter().Warn(fmt::format(
        "{} entries of a kind that this version of dbx-es does not know, or without an id or path, "
        "were left out",
        changes.unknown()));
  }
  return {};
}

Result<void> ApplyDeletions(Ledger& ledger, Target& target, Progress& progress) {
  Checkpointer& checkpointer = target.checkpointer();
  TRY(target.outlet().Drain());
  if (ledger.pending().empty()) return checkpointer.SaveAcknowledged();
  if (target.outlet().destination() == Destination::kFile) {
    WarnAboutOutput(progress.reporter());
    return checkpointer.SaveAcknowledged();
  }
  progress.reporter().Phase("deleting what is gone");
  // In another index, a deletion finds nothing and would count as done.
  if (ledger.keeps()) TRY(target.guard().BeforeWrite());
  auto deleted = DeleteGone(ledger, target);
  if (!DoneOrStopped(deleted)) return deleted;
  if (!deleted) {
    TRY(checkpointer.SaveAcknowledged());
    return deleted;
  }
  // One save for both, since the index is asked before each.
  checkpointer.Advance();
  checkpoint::Checkpoint& state = ledger.checkpoint();
  // What was deleted may have been the place of a received file: should this run end before it
  // compares those, the next one has to.
  if (state.received.count > 0) state.received.Forget();
  // The checkpoint stops counting the file before the file is removed.
  state.pending = {};
  TRY(ledger.Save());
  return ledger.pending().Clear();
}

void WarnAboutOutput(report::Reporter& reporter) {
  reporter.Warn("Dropbox changed while it was listed; the output may hold what was deleted since");
}

}  // namespace dbxes::sync

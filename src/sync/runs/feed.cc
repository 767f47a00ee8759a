// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/feed.h"

#include <fmt/format.h>

#include "sync/pipeline.h"

namespace dbxes::sync {

Result<void> ReadFeed(Source& source, Ledger& ledger, DocumentStage& documents, Outlet& outlet,
                      Access* access, Checkpointer& checkpointer, Selection& selection,
                      Progress& progress) {
  delta::DeltaReader feed = source.Follow(ledger.checkpoint().root.cursor);
  ChangeStage changes(ledger.pending(), ledger.seen(), ledger.sequence());
  RuleStage rules(selection.judge(), selection.filter(), ledger.pending(), ledger.seen(),
                  progress.counters());
  TRY(RunPipeline(
      {feed, changes, rules, StageOf(access), documents, outlet.content(), checkpointer}, ledger,
      progress, source.loop().clock()));
  if (changes.unknown() > 0) {
    progress.reporter().Warn(fmt::format(
        "{} entries were of a kind that this version of dbx-es does not know and were left out",
        changes.unknown()));
  }
  return {};
}

Result<void> ApplyDeletions(Ledger& ledger, Target& target, Outlet& outlet,
                            Checkpointer& checkpointer, Progress& progress) {
  TRY(outlet.Drain());
  if (ledger.pending().empty()) return checkpointer.SaveAcknowledged();
  if (outlet.destination() == Destination::kFile) {
    WarnAboutOutput(progress.reporter());
    return checkpointer.SaveAcknowledged();
  }
  progress.reporter().Phase("deleting what is gone");
  // In another index, a deletion finds nothing and would count as done.
  if (ledger.keeps()) TRY(target.guard().BeforeWrite());
  TRY(target.MakeEraser(outlet.sink()).Apply(ledger.pending()));
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

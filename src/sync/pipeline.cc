// SPDX-License-Identifier: Apache-2.0
#include "sync/pipeline.h"

namespace dbxes::sync {
namespace {

// A failed document that waits for its time is tried at once when something happens to it; one that
// the administrator accepts, when its file has another revision.
void NoteTouched(const delta::Page& page, checkpoint::FailuresFile& failures) {
  if (!failures.HasDeferred()) return;
  for (const delta::Entry& entry : page.entries) {
    failures.Touch(entry.id, entry.path_lower);
    failures.NoteRevision(entry.id, entry.server_modified);
  }
}

}  // namespace

Result<void> RunPipeline(Stages stages, Ledger& ledger, Progress& progress, const Clock& clock) {
  return delta::ForEachPage(stages.feed, [&](const delta::Page& page) -> Result<void> {
    ++progress.counters().pages;
    progress.counters().entries += page.entries.size();
    TRY(ledger.Reserve(page.entries.size()));
    NoteTouched(page, ledger.failures());

    // Deletions are noted for the end; files and folders continue, unless sync rules exclude them.
    const std::vector<delta::Change>& noted = stages.changes.Note(page);
    TRY(stages.rules.Choose(noted, /*last=*/!page.has_more));
    const std::vector<delta::Change>& changes = stages.rules.kept();
    // Changes become documents while the index is asked what it holds of them.
    stages.documents.Draft(changes);
    // Who may see them: a list for each shared folder, and batches for files shared by themselves.
    if (stages.permissions != nullptr) TRY(stages.permissions->Resolve(changes));
    // What differs is written: at once, or after its file has been fetched where that is new.
    TRY(stages.documents.Write(FormatUtc(clock.WallMicros()), stages.Permissions()));
    // Files that have arrived become text, and their documents follow; more are requested.
    if (stages.content != nullptr) TRY(stages.content->HandOn());
    // What was acknowledged meanwhile becomes the next run's starting point.
    TRY(stages.checkpointer.PageDone(page));

    progress.Tick();
    return {};
  });
}

}  // namespace dbxes::sync

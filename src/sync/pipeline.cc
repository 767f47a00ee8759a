// SPDX-License-Identifier: Apache-2.0
#include "sync/pipeline.h"

namespace dbxes::sync {

Result<void> RunPipeline(Stages stages, const Clock& clock, report::Counters& counters,
                         const std::function<void()>& on_progress) {
  for (;;) {
    // The page after this one is already under way when Next returns.
    TRY_ASSIGN(auto page, stages.feed.Next());
    if (page == nullptr) return {};
    ++counters.pages;
    counters.entries += page->entries.size();
    TRY(stages.checkpointer.Reserve(page->entries.size()));

    // Deletions are noted for the end; files and folders go on, unless sync rules exclude them.
    const std::vector<delta::Change>& noted = stages.changes.Note(*page);
    TRY(stages.rules.Choose(noted, !page->has_more));
    const std::vector<delta::Change>& changes = stages.rules.kept();
    // Changes become documents while the index is asked what it holds of them.
    stages.documents.Draft(changes);
    // Who may see them: a list for each shared folder, and batches for files shared by themselves.
    if (stages.permissions != nullptr) {
      TRY(stages.permissions->Resolve(changes));
    }
    // What differs goes to the index; several requests are in flight while we go on.
    if (auto done = stages.documents.Write(FormatUtc(clock.WallMicros()), stages.Permissions());
        !done)
      return done;
    // What was acknowledged meanwhile becomes the next run's starting point.
    TRY(stages.checkpointer.PageDone(*page));

    on_progress();
  }
}

}  // namespace dbxes::sync

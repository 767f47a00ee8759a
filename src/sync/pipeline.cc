// SPDX-License-Identifier: Apache-2.0
#include "sync/pipeline.h"

namespace dbxes {

Result<void> RunPipeline(Stages stages, const Clock& clock, Counters& counters,
                         const std::function<void()>& on_progress) {
  for (;;) {
    // The page after this one is already under way when Next returns.
    auto page = stages.feed.Next();
    if (!page) return Fail(page.error());
    if (*page == nullptr) return {};
    ++counters.pages;
    counters.entries += (*page)->entries.size();
    if (auto done = stages.checkpointer.Reserve((*page)->entries.size()); !done) return done;

    // Deletions are noted for the end; files and folders go on, unless sync rules exclude them.
    const std::vector<Change>& noted = stages.changes.Note(**page);
    if (auto done = stages.rules.Choose(noted, !(*page)->has_more); !done) return done;
    const std::vector<Change>& changes = stages.rules.kept();
    // Changes become documents while the index is asked what it holds of them.
    stages.documents.Draft(changes);
    // Who may see them: a list for each shared folder, and batches for files shared by themselves.
    if (stages.permissions != nullptr) {
      if (auto done = stages.permissions->Resolve(changes); !done) return done;
    }
    // What differs goes to the index; several requests are in flight while we go on.
    if (auto done = stages.documents.Write(FormatUtc(clock.WallMicros()), stages.Permissions());
        !done)
      return done;
    // What was acknowledged meanwhile becomes the next run's starting point.
    if (auto done = stages.checkpointer.PageDone(**page); !done) return done;

    on_progress();
  }
}

}  // namespace dbxes

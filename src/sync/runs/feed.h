// SPDX-License-Identifier: Apache-2.0
// What full and incremental syncs do alike around the pipeline: reading the change feed, and
// applying the deletions that it called for.
#pragma once

#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/owners/source.h"
#include "sync/owners/target.h"
#include "sync/stages/entry_stages.h"

namespace dbxes::sync {

// Reads `feed`, which begins at the checkpoint's cursor, through the pipeline. `stages` compare as
// the kind of run asks for.
Result<void> ReadFeed(delta::DeltaReader& feed, const Clock& clock, Ledger& ledger, Target& target,
                      EntryStages& stages, Progress& progress);

// Drains the outlet, deletes what the feed asked to delete, and forgets it. kSafetyStop where that
// is more than the target allows: the deletions then wait in the checkpoint, which is saved.
Result<void> ApplyDeletions(Ledger& ledger, Target& target, Progress& progress);

// A file that holds documents cannot take one back.
void WarnAboutOutput(report::Reporter& reporter);

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// What full and incremental syncs do alike around the pipeline: reading the change feed, and
// applying the deletions that it called for.
#pragma once

#include <cstdint>

#include "sync/access/access.h"
#include "sync/outlet/outlet.h"
#include "sync/owners/checkpointer.h"
#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/owners/source.h"
#include "sync/owners/target.h"
#include "sync/stages/document_stage.h"
#include "sync/stages/selection.h"
#include "sync/sync_plan.h"

namespace dbxes::sync {

// The permission stage, null without document level security.
inline PermissionStage* StageOf(Access* access) {
  return access != nullptr ? &access->stage() : nullptr;
}

// Reads the feed from the checkpoint's cursor through the pipeline. `documents` compares as the
// kind of run asks for.
Result<void> ReadFeed(Source& source, Ledger& ledger, DocumentStage& documents, Outlet& outlet,
                      Access* access, Checkpointer& checkpointer, Selection& selection,
                      Progress& progress);

// Drains the outlet, deletes what the feed asked to delete, and forgets it. kSafetyStop where that
// is more than sync.max_delete allows: the deletions then wait in the checkpoint, which is saved.
Result<void> ApplyDeletions(Ledger& ledger, Target& target, Outlet& outlet,
                            Checkpointer& checkpointer, const SyncPlan& plan, Progress& progress);

// A file that holds documents cannot take one back.
void WarnAboutOutput(report::Reporter& reporter);

}  // namespace dbxes::sync

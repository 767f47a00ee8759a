// SPDX-License-Identifier: Apache-2.0
// An incremental sync: continues from the cursor. Its cost follows the changes: with none, it asks
// Dropbox once and Elasticsearch never.
#pragma once

#include "sync/access/access.h"
#include "sync/outlet/outlet.h"
#include "sync/owners/checkpointer.h"
#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/owners/source.h"
#include "sync/owners/target.h"
#include "sync/sync_plan.h"

namespace dbxes::sync {

// Needs a checkpoint. `access` is null without document level security. Where Dropbox has reset its
// change feed or the index is gone, it becomes a full sync by itself.
Result<void> IncrementalSync(Source& source, Ledger& ledger, Target& target, Outlet& outlet,
                             Access* access, Checkpointer& checkpointer, const SyncPlan& plan,
                             Progress& progress);

}  // namespace dbxes::sync

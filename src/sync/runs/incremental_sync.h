// SPDX-License-Identifier: Apache-2.0
// An incremental sync: continues from the cursor. Its cost follows the changes: with none, it asks
// Dropbox once and Elasticsearch never.
#pragma once

#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/owners/source.h"
#include "sync/owners/target.h"
#include "sync/plan/sync_plan.h"

namespace dbxes::sync {

// Needs a checkpoint. Where Dropbox has reset its change feed or the index is gone, it becomes a
// full sync by itself.
Result<void> IncrementalSync(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                             Progress& progress);

}  // namespace dbxes::sync

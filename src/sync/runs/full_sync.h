// SPDX-License-Identifier: Apache-2.0
// A full sync: lists everything, writes what differs, and deletes what a listing that was proven
// complete did not show. Killed, the next run continues from its last checkpoint.
#pragma once

#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/owners/source.h"
#include "sync/owners/target.h"
#include "sync/plan/sync_plan.h"

namespace dbxes::sync {

enum class Start { kFresh, kResume };

// Errors: kSafetyStop where more documents would be deleted than sync.max_delete allows, and those
// of every stage.
Result<void> FullSync(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                      Progress& progress, Start start);

}  // namespace dbxes::sync

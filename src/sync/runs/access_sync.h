// SPDX-License-Identifier: Apache-2.0
// acl-sync: identities of those who search, and permissions of documents that no change feed
// mentions. It lists Dropbox but downloads nothing, writes no other field, and deletes no document.
#pragma once

#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/owners/source.h"
#include "sync/owners/target.h"
#include "sync/plan/sync_plan.h"

namespace dbxes::sync {

// Needs the access lists of `source`.
Result<void> AccessSync(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                        Progress& progress);
// Deletes all identities.
Result<void> RemoveIdentities(Ledger& ledger, Target& target, const SyncPlan& plan,
                              Progress& progress);

}  // namespace dbxes::sync

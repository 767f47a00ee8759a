// SPDX-License-Identifier: Apache-2.0
// Makes sure that no run leaves a document that everybody sees: documents that lost their access
// list are closed and then get it again, and a rejected update does not leave a wider list behind.
#pragma once

#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/owners/source.h"
#include "sync/owners/target.h"
#include "sync/plan/sync_plan.h"

namespace dbxes::sync {

// Whether earlier runs have given every document in the index a list: a full sync has ended with
// the settings of this run.
bool HadLists(const Ledger& ledger, const SyncPlan& plan);
// Before a run that compares every document: closes those that lost their list, although their
// fingerprint may say that they have it. The comparison gives them their list. `had_lists`: see
// HadLists. True if there were any.
Result<bool> CloseBeforeListing(Target& target, bool had_lists, Progress& progress);

// After everything was written, with document level security: closes the documents without a list,
// and gives them and those whose update was rejected the list that they should have. Then reports
// which lists could not be read, and writes those of folders that have changed. Whether there were
// any of these, so that the checkpoint has to be saved.
// Without a write of this run, no document is looked for. Otherwise with one request, if there is
// nothing to do, besides a refresh, which `refreshed` saves: no document was created or updated
// since the last one.
Result<bool> SettleLists(Source& source, Ledger& ledger, Target& target, Progress& progress,
                         bool refreshed);

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// Creations of a run that was killed: one that was on its way may arrive after the next run has
// ended, and bring back a document whose file was deleted meanwhile. All other late writes fail,
// because they are on condition of a version. A run that was stopped has waited for its answers.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "sync/owners/ledger.h"
#include "sync/owners/target.h"

namespace dbxes::sync {

// Adds the documents whose numbers only the requests of such a run can have to the conflicts, so
// that they are decided on again by what Dropbox has. Waits for the run after the one that took the
// state, so that the requests have had their time. Costs nothing without such a run. Whether there
// were any. Dropbox is asked for each: of more than `most`, later runs look at the rest.
Result<bool> FindLateWrites(Ledger& ledger, Target& target, std::size_t most = 1000);

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// Documents that somebody else changed between the moment when this run read them and the moment
// when it wrote them: nothing was written, and they are decided on again, from what Dropbox and the
// index have by then. After a few rounds of this they are failures, which the next run tries again.
#pragma once

#include <vector>

#include "dropbox/types.h"
#include "sync/access/access_stage.h"
#include "sync/access/identity_sync.h"
#include "sync/outlet/outlet.h"
#include "sync/owners/ledger.h"
#include "sync/owners/source.h"
#include "sync/runs/fresh_writer.h"
#include "sync/stages/received_stage.h"

namespace dbxes::sync {

inline constexpr int kMostRounds = 3;

// Waits for all writes and decides on the documents of the tree among the conflicts. Costs nothing
// without conflicts.
Result<void> DecideAgain(FreshWriter& writer, Outlet& outlet, checkpoint::FailuresFile& failures,
                         report::Reporter& reporter);
// Whether it is of a document without a path: of a received file, which DecideAgain leaves.
bool HasNoPlace(const report::FailedDocument& conflict);
// What is left of those becomes a failure, for which the next run compares all received files.
void FailReceived(checkpoint::FailuresFile& failures);

// Waits for all writes and writes received files again that are among the conflicts.
Result<void> WriteReceivedAgain(ReceivedStage& stage,
                                const std::vector<dropbox::ReceivedFile>& files,
                                const ReceivedStage::InTree& in_tree, Outlet& outlet,
                                checkpoint::FailuresFile& failures);

// The same for acl-sync, which changes nothing but lists of readers. A document that is gone by now
// becomes a failure: the next run writes it if it is still in Dropbox. `received`: all of them.
Result<void> DecideListsAgain(Source& source, Ledger& ledger, Outlet& outlet, AccessStage& compare,
                              const std::vector<dropbox::ReceivedFile>& received);
// Writes identities, and again those that somebody else has changed meanwhile. `now`: as in
// IdentitySync::Write.
Result<void> WritePeople(IdentitySync& identities, const std::vector<permissions::Identity>& people,
                         checkpoint::FailuresFile& failures, std::string_view now);

}  // namespace dbxes::sync

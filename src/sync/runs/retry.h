// SPDX-License-Identifier: Apache-2.0
// Documents that are written by their id, because the change feed has moved past them: those that
// earlier runs could not write, and those that search did not know in time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/reporter.h"
#include "sync/outlet/outlet.h"
#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/owners/source.h"
#include "sync/owners/target.h"
#include "sync/stages/document_stage.h"
#include "sync/stages/permission_stage.h"
#include "sync/stages/selection.h"

namespace dbxes::sync {

// Whether it was a received file of which something could not be written: those have a name,
// documents of the tree a path, and of what was deleted nobody may know either.
bool IsReceived(const report::FailedDocument& failure);

// The stages that turn one entry into its document.
struct EntryStages {
  Selection& selection;
  PermissionStage* permissions;  // null without document level security
  DocumentStage& documents;
};

// Records that Dropbox gave no answer about this document. Returns an error that concerns more.
Result<void> FailDocument(report::FailedDocument document, const Error& error,
                          checkpoint::FailuresFile& failures);

// Asks Dropbox what these documents are now, and writes or deletes them. What Dropbox says nothing
// of is recorded as failed. `forced`: writes also what is unchanged.
Result<void> WriteFresh(std::span<const report::FailedDocument> wanted, Source& source,
                        Ledger& ledger, Target& target, Outlet& outlet, EntryStages stages,
                        Progress& progress, bool forced);

// Writes what differs from Dropbox of documents that somebody else has changed. What Dropbox says
// nothing of is recorded as failed. kIndexReplaced: Dropbox does not have one of them, so somebody
// has added it, perhaps in place of another one.
Result<void> RewriteChanged(std::span<const report::FailedDocument> changed, Source& source,
                            Ledger& ledger, Target& target, Outlet& outlet, EntryStages stages,
                            Progress& progress);

// Which failures of earlier runs a run tries again: those whose time has come, or all.
enum class Retry : std::uint8_t { kDue, kAll };

// Tries again what earlier runs could not write and asks for files that were gone when they were
// downloaded. Syncs the failures of this run. What concerns one document is recorded and leaves the
// others alone. kSafetyStop where more of them are gone than `max_delete` allows to delete; the
// others are written.
Result<void> RetryFailures(Source& source, Ledger& ledger, Target& target, Outlet& outlet,
                           EntryStages stages, const config::MaxDelete& max_delete,
                           Progress& progress, Retry which);
// Of a run that cannot list the received files: their failures stay recorded.
void KeepReceivedFailures(checkpoint::FailuresFile& failures);

// Writes the documents with these ids that the index lacks.
Result<void> WriteMissing(const std::vector<std::string>& ids, Source& source, Ledger& ledger,
                          Target& target, Outlet& outlet, EntryStages stages, Progress& progress);

}  // namespace dbxes::sync

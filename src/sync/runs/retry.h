// SPDX-License-Identifier: Apache-2.0
// Documents that are written by their id, because the change feed has moved past them: those that
// earlier runs could not write, and those that search did not know in time.
#pragma once

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

// Asks Dropbox what these documents are now, and writes or deletes them. `forced`: writes also what
// is unchanged.
Result<void> WriteFresh(std::span<const report::FailedDocument> wanted, Source& source,
                        Ledger& ledger, Target& target, Outlet& outlet, EntryStages stages,
                        Progress& progress, bool forced);

// Tries again what earlier runs could not write, and syncs the failures of this one. kSafetyStop
// where more of them are gone than `max_delete` allows to delete; the others are written.
Result<void> RetryFailures(Source& source, Ledger& ledger, Target& target, Outlet& outlet,
                           EntryStages stages, const config::MaxDelete& max_delete,
                           Progress& progress);

// Writes the documents with these ids that the index lacks.
Result<void> WriteMissing(const std::vector<std::string>& ids, Source& source, Ledger& ledger,
                          Target& target, Outlet& outlet, EntryStages stages, Progress& progress);

}  // namespace dbxes::sync

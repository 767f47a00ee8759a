// SPDX-License-Identifier: Apache-2.0
// The loop that every sync runs: the change feed, a page at a time, through the stages to the index
// and back as a checkpoint.
#pragma once

#include <vector>

#include "delta/delta_reader.h"
#include "sync/outlet/content_stage.h"
#include "sync/owners/checkpointer.h"
#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/stages/change_stage.h"
#include "sync/stages/document_stage.h"
#include "sync/stages/permission_stage.h"
#include "sync/stages/rule_stage.h"

namespace dbxes::sync {

struct Stages {
  delta::DeltaReader& feed;
  ChangeStage& changes;
  RuleStage& rules;
  PermissionStage* permissions;  // null without document level security
  DocumentStage& documents;
  ContentStage* content;  // null where no files are fetched
  Checkpointer& checkpointer;

  const std::vector<permissions::Permission>* Permissions() const {
    return permissions != nullptr ? &permissions->permissions() : nullptr;
  }
};

// Reads the feed until Dropbox says that there is no more. Pages that were acknowledged when an
// error ends it are saved; what is in flight is the caller's to drain.
Result<void> RunPipeline(Stages stages, Ledger& ledger, Progress& progress, const Clock& clock);

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// The stages that turn one entry into its document: which entries the rules let in, who may see
// them, and what is written of them. Of one pass over the change feed, for the account that it
// began with.
#pragma once

#include <optional>

#include "documents/document.h"
#include "elastic/multi_get.h"
#include "elastic/version_stamp.h"
#include "report/counters.h"
#include "rules/rule_set.h"
#include "sync/outlet/outlet.h"
#include "sync/stages/document_stage.h"
#include "sync/stages/document_writer.h"
#include "sync/stages/permission_stage.h"
#include "sync/stages/selection.h"

namespace dbxes::sync {

class EntryStages {
 public:
  // `context`: of the account. `permissions` is null without document level security. `stamps`: of
  // the index that is written to. All but `context` have to live as long.
  EntryStages(const rules::RuleSet& rules, documents::DocumentContext context,
              PermissionStage* permissions, Outlet& outlet, const elastic::VersionStamps& stamps,
              report::Counters& counters);
  EntryStages(const EntryStages&) = delete;
  EntryStages& operator=(const EntryStages&) = delete;

  // From now on documents are compared with what `lookup` shows; `lookup` and `force` are those of
  // DocumentStage. Returns the new stage.
  DocumentStage& CompareWith(elastic::MultiGet* lookup, bool force);

  Selection& selection() { return selection_; }
  PermissionStage* permissions() { return permissions_; }
  DocumentWriter& writer() { return writer_; }
  // After CompareWith.
  DocumentStage& documents() { return *documents_; }
  Outlet& outlet() { return writer_.outlet(); }

 private:
  documents::DocumentBuilder builder_;
  DocumentWriter writer_;
  Selection selection_;
  PermissionStage* permissions_;
  std::optional<DocumentStage> documents_;
};

}  // namespace dbxes::sync

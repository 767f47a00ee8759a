// SPDX-License-Identifier: Apache-2.0
// The ends of the pipeline: what acts on documents, and on identities, for each destination.
#pragma once

#include <memory>
#include <string>

#include "checkpoint/failures_file.h"
#include "elastic/action_sink.h"
#include "elastic/client.h"
#include "sync/owners/progress.h"
#include "sync/plan/sync_plan.h"

namespace dbxes::sync {

// Writes documents. What the cluster rejects is recorded in `failures`, and what conflicts with
// somebody else's write as a conflict in it. What takes effect is listed in the changes of
// `progress`, and so is what a dry run would do, which also notes deletions there.
Result<std::unique_ptr<elastic::ActionSink>> OpenDocumentWriter(const SyncPlan& plan,
                                                                elastic::Client& client,
                                                                checkpoint::FailuresFile& failures,
                                                                Progress& progress);
// The same for identities, in the index of this name; for a cluster or a dry run.
std::unique_ptr<elastic::ActionSink> OpenIdentityWriter(const SyncPlan& plan,
                                                        const std::string& index,
                                                        elastic::Client& client,
                                                        checkpoint::FailuresFile& failures,
                                                        Progress& progress);

}  // namespace dbxes::sync

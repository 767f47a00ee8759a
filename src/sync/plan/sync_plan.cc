// SPDX-License-Identifier: Apache-2.0
#include "sync/plan/sync_plan.h"

namespace dbxes::sync {

Destination DestinationOf(const RunOptions& options) {
  if (!options.output_file.empty()) return Destination::kFile;
  return options.dry_run ? Destination::kNowhere : Destination::kCluster;
}

documents::DocumentContext SyncPlan::ContextFor(const dropbox::Account& account) const {
  return {config.dropbox.web_url, account.home_namespace_id,
          !config.elasticsearch.pipeline.empty()};
}

}  // namespace dbxes::sync

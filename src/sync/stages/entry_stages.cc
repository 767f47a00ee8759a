// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/entry_stages.h"

#include <utility>

namespace dbxes::sync {

EntryStages::EntryStages(const rules::RuleSet& rules, documents::DocumentContext context,
                         PermissionStage* permissions, Outlet& outlet,
                         const elastic::VersionStamps& stamps, report::Counters& counters)
    : builder_(context),
      writer_(builder_, outlet, stamps, counters),
      selection_(rules, std::move(context)),
      permissions_(permissions) {}

DocumentStage& EntryStages::CompareWith(elastic::MultiGet* lookup, bool force) {
  return documents_.emplace(writer_, lookup, force);
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
#include "sync/plan/sync_plan.h"

#include <utility>

#include "rules/rule_file.h"

namespace dbxes::sync {

Destination DestinationOf(const RunOptions& options) {
  if (!options.output_file.empty()) return Destination::kFile;
  return options.dry_run ? Destination::kNowhere : Destination::kCluster;
}

rules::PathPatterns PatternsOf(const config::Config& config) {
  return {config.sync.include, config.sync.exclude, config.dropbox.paths};
}

Result<rules::RuleSet> RulesOf(const config::Config& config, FileSystem& files) {
  rules::RuleSet rules;
  if (const std::string& path = config.sync.rules_file; !path.empty()) {
    TRY_ASSIGN(rules, rules::LoadRules(files, path));
  }
  rules.patterns = PatternsOf(config);
  return rules;
}

rules::RuleSet SyncPlan::RulesIn(const FolderList& folders) const {
  rules::RuleSet in_folders = rules;
  if (!folders.empty()) in_folders.patterns.folders = folders;
  return in_folders;
}

documents::DocumentContext SyncPlan::ContextFor(const dropbox::Account& account) const {
  return {config.dropbox.web_url, account.home_namespace_id,
          !config.elasticsearch.pipeline.empty()};
}

}  // namespace dbxes::sync

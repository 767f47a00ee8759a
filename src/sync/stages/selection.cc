// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/selection.h"

#include <string>
#include <utility>

#include "sync/stages/rule_stage.h"

namespace dbxes::sync {

Selection::Selection(const rules::RuleSet& rules, documents::DocumentContext context)
    : rules_(rules) {
  if (rules.Chooses()) judge_.emplace(rules, std::move(context));
}

void Selection::OpenSearch(dropbox::Client& client, SearchScope scope, elastic::MultiGet* lookup,
                           checkpoint::LateSearch& late,
                           std::function<void(const std::string&)> warn) {
  if (!searches()) return;
  search_.emplace(client, rules_.advanced, std::move(scope), std::move(warn));
  filter_.emplace(*search_, client, lookup, late);
}

Result<std::uint64_t> Selection::DropUnwanted(std::vector<dropbox::ReceivedFile>& files,
                                              report::Counters& counters,
                                              report::ChangeLog* changes) {
  if (!filter_) return 0;
  TRY_ASSIGN(const auto dropped, filter_->DropUnwanted(files));
  counters.excluded += dropped.size();
  if (changes != nullptr) {
    for (const dropbox::ReceivedFile& file : dropped) {
      changes->AddExcluded(file.id, file.name, std::string(RuleStage::kNotFound));
    }
  }
  return dropped.size();
}

}  // namespace dbxes::sync

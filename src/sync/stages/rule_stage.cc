// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/rule_stage.h"

namespace dbxes::sync {

RuleStage::RuleStage(RuleJudge* judge, SearchFilter* search, checkpoint::PendingDeletions& pending,
                     checkpoint::SeenIds* seen, report::Counters& counters)
    : judge_(judge), search_(search), pending_(pending), seen_(seen), counters_(counters) {}

// Deletes its document wherever it is: the entry may have moved here from a path that rules
// include. Not at once: later in the feed it may be included again, and would have lost its text.
void RuleStage::Exclude(const delta::Change& change) {
  ++counters_.excluded;
  if (seen_ != nullptr) return seen_->NoteExcluded(change.entry->id);
  pending_.Add(checkpoint::PendingDeletion::OfId(change.entry->id, change.seq));
}

Result<void> RuleStage::Choose(const std::vector<delta::Change>& changes, bool last) {
  kept_.clear();
  // What can be decided without a request comes first.
  for (const delta::Change& change : changes) {
    if (judge_ != nullptr && judge_->Excludes(*change.entry)) {
      Exclude(change);
    } else {
      kept_.push_back(change);
    }
  }
  if (search_ == nullptr) return {};
  TRY(search_->Choose(kept_, last));
  const std::vector<bool>& wanted = search_->wanted();
  std::size_t left = 0;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (!wanted[i]) {
      Exclude(kept_[i]);
    } else {
      kept_[left++] = kept_[i];
    }
  }
  kept_.resize(left);
  return {};
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/rule_stage.h"

#include <string>
#include <string_view>

namespace dbxes::sync {

RuleStage::RuleStage(RuleJudge* judge, SearchFilter* search, checkpoint::PendingDeletions& pending,
                     checkpoint::SeenIds* seen, report::Counters& counters,
                     report::ChangeLog* changes)
    : judge_(judge),
      search_(search),
      pending_(pending),
      seen_(seen),
      counters_(counters),
      changes_(changes) {}

void RuleStage::Report(const delta::Change& change, const rules::RuleDecision* decision) {
  ++counters_.excluded;
  if (changes_ == nullptr) return;
  const delta::Entry& entry = *change.entry;
  changes_->AddExcluded(entry.id, entry.path_display,
                        decision != nullptr ? judge_->Describe(*decision) : std::string(kNotFound));
}

// Deletes its document wherever it is: the entry may have moved here from a path that rules
// include. Not at once: later in the feed it may be included again, and would have lost its text.
void RuleStage::Exclude(const delta::Change& change, const rules::RuleDecision* decision) {
  if (decision == nullptr || !decision->IsOutside()) Report(change, decision);
  if (seen_ != nullptr) return seen_->NoteExcluded(change.entry->id);
  pending_.Add(checkpoint::PendingDeletion::OfId(change.entry->id, change.seq));
}

Result<void> RuleStage::Choose(const std::vector<delta::Change>& changes, bool last) {
  kept_.clear();
  // What can be decided without a request comes first.
  for (const delta::Change& change : changes) {
    rules::RuleDecision decision;
    if (judge_ != nullptr) decision = judge_->Judge(*change.entry);
    if (decision.policy == rules::Policy::kExclude) {
      Exclude(change, &decision);
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
      Exclude(kept_[i], nullptr);
    } else {
      kept_[left++] = kept_[i];
    }
  }
  kept_.resize(left);
  return {};
}

}  // namespace dbxes::sync

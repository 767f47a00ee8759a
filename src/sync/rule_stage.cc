// SPDX-License-Identifier: Apache-2.0
#include "sync/rule_stage.h"

namespace dbxes {

RuleStage::RuleStage(RuleJudge* judge, PendingDeletions& pending, SeenIds* seen, Counters& counters)
    : judge_(judge), pending_(pending), seen_(seen), counters_(counters) {}

// Wherever its document is: it may have come here from a place that rules include. Not at once:
// later in the feed it may be included again, and would have lost its content.
void RuleStage::Exclude(const Change& change) {
  ++counters_.excluded;
  if (seen_ != nullptr) return seen_->NoteExcluded(change.entry->id);
  pending_.Add(PendingDeletion::OfId(change.entry->id, change.seq));
}

const std::vector<Change>& RuleStage::Keep(const std::vector<Change>& changes) {
  if (judge_ == nullptr) return changes;
  kept_.clear();
  for (const Change& change : changes) {
    if (judge_->Excludes(*change.entry)) {
      Exclude(change);
    } else {
      kept_.push_back(change);
    }
  }
  return kept_;
}

}  // namespace dbxes

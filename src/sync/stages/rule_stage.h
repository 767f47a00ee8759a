// SPDX-License-Identifier: Apache-2.0
// Sync rules between the change feed and the documents: leaves out what they exclude, and notes
// that what the index may hold of it must be deleted.
#pragma once

#include <vector>

#include "checkpoint/pending_deletions.h"
#include "checkpoint/seen_ids.h"
#include "delta/change.h"
#include "report/counters.h"
#include "sync/search/search_filter.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::sync {

class RuleStage {
 public:
  // `judge` is null without basic rules, `search` without advanced ones. `seen` is null for an
  // incremental run; a full one deletes in the end what it did not see, and so what it saw
  // excluded.
  RuleStage(RuleJudge* judge, SearchFilter* search, checkpoint::PendingDeletions& pending,
            checkpoint::SeenIds* seen, report::Counters& counters);

  // Decides about the changes of a page. `last`: no page follows. Asks Dropbox and the index when
  // advanced rules have to decide; without them it never fails.
  Result<void> Choose(const std::vector<delta::Change>& changes, bool last);
  // The changes that rules include, in order; valid until the next Choose.
  const std::vector<delta::Change>& kept() const { return kept_; }

 private:
  void Exclude(const delta::Change& change);

  RuleJudge* judge_;
  SearchFilter* search_;
  checkpoint::PendingDeletions& pending_;
  checkpoint::SeenIds* seen_;
  report::Counters& counters_;
  std::vector<delta::Change> kept_;
};

}  // namespace dbxes::sync

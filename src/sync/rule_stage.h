// SPDX-License-Identifier: Apache-2.0
// Sync rules between the change feed and the documents: what they exclude goes no further, and what
// the index may hold of it is noted to be deleted.
#pragma once

#include <vector>

#include "checkpoint/pending_deletions.h"
#include "checkpoint/seen_ids.h"
#include "report/counters.h"
#include "sync/change_stage.h"
#include "sync/rule_judge.h"

namespace dbxes {

class RuleStage {
 public:
  // `judge` is null without rules: everything goes on. `seen` is null for an incremental run; a
  // full one deletes in the end what it did not see, and so what it saw excluded.
  RuleStage(RuleJudge* judge, PendingDeletions& pending, SeenIds* seen, Counters& counters);

  // The changes that go on, in order; valid until the next call.
  const std::vector<Change>& Keep(const std::vector<Change>& changes);

 private:
  void Exclude(const Change& change);

  RuleJudge* judge_;
  PendingDeletions& pending_;
  SeenIds* seen_;
  Counters& counters_;
  std::vector<Change> kept_;
};

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
// Sync rules between the change feed and the documents: leaves out what they exclude, and notes
// that what the index may hold of it must be deleted.
#pragma once

#include <string_view>
#include <vector>

#include "checkpoint/pending_deletions.h"
#include "checkpoint/seen_ids.h"
#include "delta/change.h"
#include "report/change_log.h"
#include "report/counters.h"
#include "sync/search/search_filter.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::sync {

class RuleStage {
 public:
  // Why advanced rules leave something out.
  static constexpr std::string_view kNotFound = "found by no advanced rule";

  // `judge` is null without basic rules, `search` without advanced ones. `seen` is null for an
  // incremental run; a full one deletes in the end what it did not see, and so what it saw
  // excluded. What is left out is listed in `changes`, if that is not null.
  RuleStage(RuleJudge* judge, SearchFilter* search, checkpoint::PendingDeletions& pending,
            checkpoint::SeenIds* seen, report::Counters& counters, report::ChangeLog* changes);

  // Decides about the changes of a page. `last`: no page follows. Asks Dropbox and the index when
  // advanced rules have to decide; without them it never fails.
  Result<void> Choose(const std::vector<delta::Change>& changes, bool last);
  // The changes that rules include, in order; valid until the next Choose.
  const std::vector<delta::Change>& kept() const { return kept_; }

 private:
  // `decision`: of basic rules; null if no advanced rule finds it.
  void Exclude(const delta::Change& change, const rules::RuleDecision* decision);
  void Report(const delta::Change& change, const rules::RuleDecision* decision);

  RuleJudge* judge_;
  SearchFilter* search_;
  checkpoint::PendingDeletions& pending_;
  checkpoint::SeenIds* seen_;
  report::Counters& counters_;
  report::ChangeLog* changes_;
  std::vector<delta::Change> kept_;
};

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// Advanced rules as a filter: the change feed shows what there is, and search which of it is
// wanted. So moves, deletions and resumed listings work as they do without rules, and a document
// that search omits or learns of late is removed from the index only on evidence.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/id_set.h"
#include "checkpoint/checkpoint.h"
#include "delta/change.h"
#include "dropbox/client.h"
#include "elastic/multi_get.h"
#include "rules/rule_set.h"
#include "sync/search/rule_search.h"

namespace dbxes::sync {

class SearchFilter {
 public:
  // A run checks up to this many documents one by one that are in the index and have changed but
  // are no longer found; the others are kept.
  static constexpr std::size_t kMostProbes = 100;

  // `lookup` is null when the index holds nothing yet. Changes that search may not know of yet are
  // noted in `late`.
  SearchFilter(RuleSearch& search, dropbox::Client& client, elastic::MultiGet* lookup,
               checkpoint::LateSearch& late);

  // Whether each of the changes is wanted. `last`: no page follows this one. A filter that has not
  // searched yet does so when a rule may find one of them, and only where they are.
  Result<void> Choose(const std::vector<delta::Change>& changes, bool last);
  const std::vector<bool>& wanted() const { return wanted_; }

  // Ids found so far that wait in `late` and that no change was about.
  std::vector<std::string> FoundLate(const checkpoint::LateSearch& late) const;
  bool HasNotedLate() const { return noted_; }
  // Removes the received files that a search of everything does not find; no smaller search finds
  // any, as they are in no folder. Returns them.
  Result<std::vector<dropbox::ReceivedFile>> DropUnwanted(
      std::vector<dropbox::ReceivedFile>& files);

 private:
  Result<void> SearchFor(const std::vector<delta::Change>& changes,
                         const std::vector<std::size_t>& candidates, bool last);
  Result<void> Settle(const std::vector<delta::Change>& changes,
                      const std::vector<std::size_t>& absent);
  Result<void> Probe(const std::vector<delta::Change>& changes,
                     const std::vector<std::size_t>& changed);
  Pending<dropbox::SearchPage> AskByName(const delta::Entry& entry);
  void NoteLate(const delta::Entry& entry);

  RuleSearch& search_;
  dropbox::Client& client_;
  elastic::MultiGet* lookup_;
  checkpoint::LateSearch& late_;
  IdSet handled_;  // ids that changes were about
  std::size_t probes_ = 0;
  bool noted_ = false;  // a late change, in this run
  std::vector<bool> wanted_;
};

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// Advanced rules as a filter: the change feed tells what there is, and search which of it is
// wanted. So moves, deletions and resumed listings stay what they are without rules, and what
// search leaves out or learns late costs a document its place in the index only on evidence.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id_set.h"
#include "checkpoint/checkpoint.h"
#include "delta/change.h"
#include "dropbox/client.h"
#include "elastic/multi_get.h"
#include "rules/rule_set.h"
#include "sync/search/rule_paths.h"
#include "sync/search/search_runner.h"

namespace dbxes::sync {

// What is searched, and for which kind of run.
struct SearchScope {
  std::string root;      // the folder that a rule without a path searches, "" for everything
  bool listing = false;  // of a full listing, which begins with SearchAll
};

class SearchFilter {
 public:
  // Documents in the index that search does not find any more although they have changed: so many
  // are looked at one by one in a run, the others are kept.
  static constexpr std::size_t kMostProbes = 100;

  // `lookup` is null when the index holds nothing yet. Changes that search may not know of yet are
  // noted in `late`.
  SearchFilter(dropbox::Client& client, const std::vector<rules::AdvancedRule>& rules,
               SearchScope scope, elastic::MultiGet* lookup, checkpoint::LateSearch& late,
               std::function<void(const std::string&)> warn);

  // Before a full listing: everything that the rules find.
  Result<void> SearchAll();
  // Whether each of the changes is wanted. `last`: no page follows this one. A filter that has not
  // searched yet does so when a rule may find one of them, and only where they are.
  Result<void> Choose(const std::vector<delta::Change>& changes, bool last);
  const std::vector<bool>& wanted() const { return wanted_; }

  // Everything that the rules find in and under `folder`.
  Result<void> SearchUnder(const std::string& folder);
  bool HasSearched() const { return searched_; }
  // Ids found so far that wait in `late` and that no change was about.
  std::vector<std::string> FoundLate(const checkpoint::LateSearch& late) const;
  bool HasNotedLate() const { return noted_; }
  // Of files received one by one, which only a search of everything finds: takes out those that it
  // did not find, and says how many.
  Result<std::uint64_t> DropUnwanted(std::vector<dropbox::ReceivedFile>& files);

 private:
  Result<void> FindFolders();
  Result<void> SearchRule(std::size_t rule, const std::string& folder);
  bool MayBeFound(const delta::Entry& entry) const;
  Result<void> SearchFor(const std::vector<delta::Change>& changes,
                         const std::vector<std::size_t>& candidates, bool last);
  Result<void> Settle(const std::vector<delta::Change>& changes,
                      const std::vector<std::size_t>& absent);
  Result<void> Probe(const std::vector<delta::Change>& changes,
                     const std::vector<std::size_t>& changed);
  Pending<dropbox::SearchPage> AskByName(const delta::Entry& entry);
  void NoteLate(const delta::Entry& entry);

  dropbox::Client& client_;
  const std::vector<rules::AdvancedRule>& rules_;
  SearchScope scope_;
  elastic::MultiGet* lookup_;
  checkpoint::LateSearch& late_;
  std::function<void(const std::string&)> warn_;
  std::optional<std::vector<RuleFolder>> folders_;
  std::vector<std::string> found_;
  IdSet collected_;
  IdSet handled_;
  SearchRunner runner_;
  std::size_t warned_ = 0;
  std::size_t probes_ = 0;
  bool searched_ = false;
  bool searched_all_ = false;
  bool noted_ = false;
  std::vector<bool> wanted_;
};

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
// What the sync rules let in during one pass over the change feed: basic rules judge each entry by
// itself, advanced ones search Dropbox.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dropbox/client.h"
#include "report/change_log.h"
#include "report/counters.h"
#include "rules/rule_set.h"
#include "sync/search/search_filter.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::sync {

class Selection {
 public:
  Selection(const rules::RuleSet& rules, documents::DocumentContext context);

  // Null where everything is included.
  RuleJudge* judge() { return judge_ ? &*judge_ : nullptr; }
  // Both are null without advanced rules, and before OpenSearch.
  SearchFilter* filter() { return filter_ ? &*filter_ : nullptr; }
  RuleSearch* search() { return search_ ? &*search_ : nullptr; }
  bool searches() const { return !rules_.advanced.empty(); }

  // With advanced rules, before the feed is read.
  void OpenSearch(dropbox::Client& client, SearchScope scope, elastic::MultiGet* lookup,
                  checkpoint::LateSearch& late, std::function<void(const std::string&)> warn);
  // Takes out the received files that no advanced rule finds; returns how many, which are counted
  // as excluded and listed in `changes`, if that is not null.
  Result<std::uint64_t> DropUnwanted(std::vector<dropbox::ReceivedFile>& files,
                                     report::Counters& counters, report::ChangeLog* changes);

 private:
  const rules::RuleSet& rules_;
  std::optional<RuleJudge> judge_;
  std::optional<RuleSearch> search_;
  std::optional<SearchFilter> filter_;
};

}  // namespace dbxes::sync

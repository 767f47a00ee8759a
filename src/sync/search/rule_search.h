// SPDX-License-Identifier: Apache-2.0
// The searches of all advanced rules in one run, and what they found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/id_set.h"
#include "delta/entry.h"
#include "dropbox/client.h"
#include "rules/rule_set.h"
#include "sync/search/rule_paths.h"
#include "sync/search/search_runner.h"

namespace dbxes::sync {

// What is searched, and for which kind of run.
struct SearchScope {
  std::string root;      // the folder that a rule without a path searches, "" for everything
  bool listing = false;  // of a full listing, which begins with a search of everything
};

class RuleSearch {
 public:
  // `warn` is called with a sentence for each search whose matches Dropbox does not show in full.
  RuleSearch(dropbox::Client& client, const std::vector<rules::AdvancedRule>& rules,
             SearchScope scope, std::function<void(const std::string&)> warn);

  // Finds the folders that rules name, once. kConfig for one that is not there.
  Result<void> FindFolders();
  // Whether any rule may find the entry. Needs FindFolders.
  bool MayFind(const delta::Entry& entry) const;

  Result<void> SearchAll();
  // Everything that the rules find in and under `folder`.
  Result<void> SearchUnder(const std::string& folder);

  bool searched() const { return searched_; }
  bool searched_all() const { return searched_all_; }
  // By Hash64 of the id. Unknown: no search shows whether a rule finds it.
  bool IsFound(std::uint64_t id) const { return runner_.IsFound(id); }
  bool IsUnknown(std::uint64_t id) const { return runner_.IsUnknown(id); }
  // Whether Dropbox showed all matches of every search.
  bool complete() const { return runner_.unfinished().empty(); }
  // The ids found so far, each once; none of a full listing, which needs no list of them.
  const std::vector<std::string>& ids() const { return ids_; }
  bool listing() const { return scope_.listing; }

 private:
  Result<void> SearchRule(std::size_t rule, const std::string& folder);

  const std::vector<rules::AdvancedRule>& rules_;
  SearchScope scope_;
  std::function<void(const std::string&)> warn_;
  std::optional<std::vector<RuleFolder>> folders_;
  std::vector<std::string> ids_;
  IdSet collected_;  // hashes of `ids_`
  SearchRunner runner_;
  dropbox::Client& client_;
  std::size_t warned_ = 0;
  bool searched_ = false;
  bool searched_all_ = false;
};

}  // namespace dbxes::sync

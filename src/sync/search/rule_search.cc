// SPDX-License-Identifier: Apache-2.0
#include "sync/search/rule_search.h"

#include <fmt/format.h>

#include <utility>

#include "base/hash.h"
#include "base/tree_path.h"
#include "dropbox/search.h"
#include "rules/rule_reach.h"

namespace dbxes::sync {
namespace {

rules::Listed ListedOf(const delta::Entry& entry) {
  return {entry.name, entry.path_lower, entry.kind == delta::EntryKind::kFolder};
}

}  // namespace

RuleSearch::RuleSearch(dropbox::Client& client, const std::vector<rules::AdvancedRule>& rules,
                       SearchScope scope, std::function<void(const std::string&)> warn)
    : rules_(rules),
      scope_(std::move(scope)),
      warn_(std::move(warn)),
      runner_(client.loop(), client,
              [this](const dropbox::SearchMatch& match) {
                if (!scope_.listing && collected_.Insert(Hash64(match.id))) {
                  ids_.push_back(match.id);
                }
              }),
      client_(client) {}

Result<void> RuleSearch::FindFolders() {
  if (folders_) return {};
  TRY_ASSIGN(auto found, FindRuleFolders(client_.loop(), client_, rules_));
  std::vector<RuleFolder> folders;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    Result<RuleFolder>& folder = found[i];
    if (!folder) {
      return Fail(WithContext(folder.error(),
                              fmt::format("sync.rules: {}/options/path", rules_[i].pointer)));
    }
    folders.push_back(std::move(*folder));
  }
  folders_ = std::move(folders);
  return {};
}

bool RuleSearch::MayFind(const delta::Entry& entry) const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules::MayFind(rules_[i], (*folders_)[i], ListedOf(entry))) return true;
  }
  return false;
}

Result<void> RuleSearch::SearchRule(std::size_t rule, const std::string& folder) {
  const rules::AdvancedRule& one = rules_[rule];
  const RuleFolder& own = (*folders_)[rule];
  const std::string all = one.path.empty() ? scope_.root : one.path;
  std::string path = all;
  if (!folder.empty() && own) {
    if (!LiesIn(folder, *own) && !LiesIn(*own, folder)) return {};
    if (LiesIn(folder, *own)) path = folder;
  }
  auto done = runner_.Run(one, path);
  const bool gone = !done && done.error().kind == ErrorKind::kNotFound;
  if (gone && path != all) done = runner_.Run(one, all);
  if (!done && done.error().kind == ErrorKind::kNotFound) done.error().kind = ErrorKind::kConfig;
  return done;
}

Result<void> RuleSearch::SearchUnder(const std::string& folder) {
  TRY(FindFolders());
  searched_ = true;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    TRY(SearchRule(i, folder));
  }
  const auto& unfinished = runner_.unfinished();
  for (; warned_ < unfinished.size(); ++warned_) {
    warn_(
        fmt::format("Dropbox shows no more than {} matches of {}; they are not added, and none "
                    "is deleted because of it",
                    dropbox::kMostSearchMatches, unfinished[warned_]));
  }
  return {};
}

Result<void> RuleSearch::SearchAll() {
  searched_all_ = true;
  return SearchUnder("");
}

}  // namespace dbxes::sync

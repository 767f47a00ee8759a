// SPDX-License-Identifier: Apache-2.0
// The brake on deletions. A listing that is much shorter than the index is more often a mistake
// than the truth. What the change feed reports as deleted is evidence, but of a mistake in Dropbox
// as well.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "rules/rule_set.h"

namespace dbxes::sync {

struct DeletionPlan {
  std::uint64_t to_delete = 0;
  std::uint64_t index_count = 0;           // documents in the index now
  std::uint64_t listed = 0;                // what the listing showed
  std::string_view what;                   // "the listing of Dropbox", "the list of received files"
  std::string_view command = "full-sync";  // to continue with
  std::uint64_t excluded = 0;              // of what was listed, left out
  // What leaves entries out, and how to correct it: see NameExclusions.
  std::string excluded_by = "the settings leave out";
  std::string correction = "correct the settings";
  std::uint64_t already = 0;  // deleted by this run before; a limit that was set counts them
};
// Names in the plan what leaves entries out: folders, patterns, rules, as far as there are any.
void NameExclusions(const rules::RuleSet& rules, DeletionPlan& plan);

// How many deletions are allowed.
std::uint64_t DeletionLimit(const config::MaxDelete& setting, const DeletionPlan& plan);
// kSafetyStop when the plan exceeds the limit. The message names the command that allows it.
Result<void> CheckDeletions(const config::MaxDelete& setting, const DeletionPlan& plan);

// Documents that the change feed or sync rules remove.
struct FeedDeletions {
  std::uint64_t count = 0;
  std::vector<std::string> paths;                      // a few of them, for the message
  static constexpr std::size_t kMostPaths = 3;         // of `paths`
  static constexpr std::uint64_t kAlwaysAllowed = 10;  // automatically, in any index
};
// The same for these. Automatically, the limit is kAlwaysAllowed or half of the index, whichever is
// more: a folder that its owner deletes passes, unless it was most of what there is. `count_index`
// is called only if the limit depends on it. `command` continues the run.
Result<void> CheckFeedDeletions(const config::MaxDelete& setting, const FeedDeletions& deletions,
                                std::string_view command,
                                const std::function<Result<std::uint64_t>()>& count_index);

// Whether a step is done, except perhaps for deletions that a safety stop holds back: the run
// continues with everything else.
inline bool DoneOrStopped(const Result<void>& step) {
  return step || step.error().kind == ErrorKind::kSafetyStop;
}

}  // namespace dbxes::sync

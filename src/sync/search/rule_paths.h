// SPDX-License-Identifier: Apache-2.0
// The folders that advanced rules name, as Dropbox has them now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/client.h"
#include "rules/rule_set.h"

namespace dbxes::sync {

// A rule's folder in Dropbox's lower case: "" for everything, nothing for a namespace, which has no
// place that could be asked for.
using RuleFolder = std::optional<std::string>;

// One for each rule: kConfig when there is no such folder. The outer error is one that is not about
// a rule.
Result<std::vector<Result<RuleFolder>>> FindRuleFolders(
    EventLoop& loop, dropbox::Client& dropbox, const std::vector<rules::AdvancedRule>& rules);

}  // namespace dbxes::sync

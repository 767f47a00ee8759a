// SPDX-License-Identifier: Apache-2.0
// Decides from path and name alone what an advanced rule cannot find, so that fewer changes need a
// search. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/rule_set.h"

namespace dbxes::rules {

// A file or folder as Dropbox lists it.
struct Listed {
  std::string_view name;
  std::string_view path_lower;
  bool is_folder = false;
};

// False when `rule` certainly does not find the candidate. `folder` is the rule's path as Dropbox
// lower-cases it, "" for everything; nothing when that is not known.
bool MayFind(const AdvancedRule& rule, const std::optional<std::string>& folder,
             const Listed& thing);

}  // namespace dbxes::rules

// SPDX-License-Identifier: Apache-2.0
// What an advanced rule cannot find, whatever search would answer: told from place and name alone,
// so that search is asked only about what is left. Pure.
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

// False when `rule` certainly does not find it. `folder` is the rule's path as Dropbox lower-cases
// it, "" for everything; nothing when that is not known.
bool MayFind(const AdvancedRule& rule, const std::optional<std::string>& folder,
             const Listed& thing);

}  // namespace dbxes::rules

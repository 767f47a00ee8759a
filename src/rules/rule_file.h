// SPDX-License-Identifier: Apache-2.0
// Reads and checks a rules file in one pass. The file is a list of basic rules, a list of advanced
// rules, or the object in which the connector keeps both.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/os/file_system.h"
#include "base/result.h"
#include "rules/finding.h"
#include "rules/rule_set.h"

namespace dbxes::rules {

inline constexpr std::size_t kMaxRuleFileBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxRules = 10'000;  // of each kind

struct RuleFile {
  RuleSet rules;  // valid only when `findings` has no errors
  Findings findings;
  // How many the file has, including the rule DEFAULT.
  std::size_t basic_count = 0;
  std::size_t advanced_count = 0;
};

// Takes any text, in time linear in its length; all mistakes are in the findings.
RuleFile ReadRules(std::string_view text);

// The file's text. kNotFound when it is not there, kConfig when it is too large.
Result<std::string> ReadRuleText(FileSystem& files, const std::string& path);
// For runs. kConfig when the file cannot be read or has errors; the message names the first ones.
Result<RuleSet> LoadRules(FileSystem& files, const std::string& path);

// "FILE:12:5: error: /2/policy: message (allowed: include, exclude)".
std::string FormatFinding(const Finding& finding, std::string_view file);

}  // namespace dbxes::rules

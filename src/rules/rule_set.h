// SPDX-License-Identifier: Apache-2.0
// Valid sync rules, read from a file. Basic rules decide about each document; advanced rules are
// searches, and only files that they find are indexed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/folder_list.h"
#include "rules/finding.h"

namespace dbxes::rules {

enum class Policy : std::uint8_t { kInclude, kExclude };
enum class Operator : std::uint8_t {
  kEquals,
  kContains,
  kStartsWith,
  kEndsWith,
  kRegex,
  kGreater,
  kLess
};

// As the file has them: "include", "starts_with", ">".
std::string_view ToString(Policy policy);
std::string_view ToString(Operator op);

struct BasicRule {
  std::string id;
  Policy policy = Policy::kInclude;
  std::string field;
  Operator op = Operator::kEquals;
  std::string value;
  double order = 0;
  // Its place in the file.
  TextPlace place;
  std::string pointer;
};

// A search (Dropbox HTTP API: files/search_v2).
struct AdvancedRule {
  std::string query;
  std::string path;     // "" for everything
  int max_results = 0;  // a page; 0 leaves it to the service
  std::string order_by;
  bool filename_only = false;
  std::vector<std::string> file_extensions;  // without dots
  std::vector<std::string> file_categories;  // these win over extensions
  std::string account_id;
  TextPlace path_place;  // of the value of `path`, where there is one
  TextPlace place;
  std::string pointer;
};

// The patterns of the settings (base/path_glob.h), which no file of rules has.
struct PathPatterns {
  std::vector<std::string> include;  // none: everything
  std::vector<std::string> exclude;
  // Whose paths they are for. Where there are several, in Dropbox's own lower case
  // (delta/find_folders.h), nothing else passes.
  FolderList folders{""};

  bool Empty() const { return include.empty() && exclude.empty() && folders.size() == 1; }
};

struct RuleSet {
  PathPatterns patterns;         // asked before the rules: both have to let a document in
  std::vector<BasicRule> basic;  // in the order in which they are applied
  // The policy of the rule DEFAULT, for documents that no basic rule matches.
  Policy otherwise = Policy::kInclude;
  std::vector<AdvancedRule> advanced;

  // Whether patterns or basic rules may exclude anything.
  bool Chooses() const { return HasBasic() || !patterns.Empty(); }
  bool HasBasic() const { return !basic.empty() || otherwise == Policy::kExclude; }
  // Whether there is no rule.
  bool Empty() const { return !HasBasic() && advanced.empty(); }
};

// Equal for rules that decide alike, without the patterns: ids, order numbers and layout do not
// matter. "2 basic, 1 advanced (0123456789abcdef)", or "none".
std::string FingerprintOf(const RuleSet& rules);

}  // namespace dbxes::rules

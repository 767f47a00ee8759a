// SPDX-License-Identifier: Apache-2.0
// Tests sync rules against the real Dropbox before they are used: whether the folders that they
// name exist, and what each rule would include and exclude. Reads only, and needs no index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "config/config.h"
#include "report/reporter.h"
#include "rules/rule_set.h"

namespace dbxes::check {

// The documents that one rule decides about.
struct RuleShare {
  // How many paths are kept; further documents are only counted.
  static constexpr std::size_t kMostListed = 1000;

  enum class Effect : std::uint8_t { kFinds, kIncludes, kExcludes, kUndecided };
  Effect effect = Effect::kIncludes;
  std::string pointer;  // JSON pointer of the rule in its file; "" for documents of no rule
  std::string rule;     // as text
  std::uint64_t count = 0;
  std::vector<std::string> paths;  // as Dropbox displays them

  void Add(std::string_view path);
};

struct RulePreview {
  std::uint64_t entries = 0;  // files and folders
  std::uint64_t included = 0;
  std::uint64_t excluded = 0;
  // First what each advanced rule finds (an entry counts for each rule that finds it), then what
  // happens to all entries, each counted once.
  std::vector<RuleShare> shares;
  std::vector<std::string> warnings;
};

struct RuleReview {
  // One sentence for each advanced rule whose folder does not exist; "" for the others.
  std::vector<std::string> wrong_folders;
  bool FoldersAreRight() const;
  std::optional<RulePreview> preview;  // if it was requested and the folders exist
};

Result<RuleReview> ReviewRules(Environment& environment, const config::Config& config,
                               const rules::RuleSet& rules, bool preview,
                               report::Reporter& reporter);

}  // namespace dbxes::check

// SPDX-License-Identifier: Apache-2.0
// Sync rules held against the real Dropbox before they are used: whether the folders that they name
// are there, and what each would include and leave out. Reads only, and needs no index.
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

// What one rule decides about.
struct RuleShare {
  // Documents that are listed by name; of more, only the number is known.
  static constexpr std::size_t kMostListed = 1000;

  enum class Effect : std::uint8_t { kFinds, kIncludes, kExcludes, kUndecided };
  Effect effect = Effect::kIncludes;
  std::string pointer;  // of the rule in its file; "" for what no rule is about
  std::string rule;     // in words
  std::uint64_t count = 0;
  std::vector<std::string> paths;  // as Dropbox displays them

  void Add(std::string_view path);
};

struct RulePreview {
  std::uint64_t entries = 0;  // files and folders
  std::uint64_t included = 0;
  std::uint64_t excluded = 0;
  // First what each advanced rule finds (an entry counts for each that finds it), then what happens
  // to all entries, each counted once.
  std::vector<RuleShare> shares;
  std::vector<std::string> warnings;
};

struct RuleReview {
  // One sentence for each advanced rule whose folder is not there; "" for the others.
  std::vector<std::string> wrong_folders;
  bool FoldersAreRight() const;
  std::optional<RulePreview> preview;  // when it was asked for and the folders are right
};

Result<RuleReview> ReviewRules(Environment& environment, const config::Config& config,
                               const rules::RuleSet& rules, bool preview,
                               report::Reporter& reporter);

}  // namespace dbxes::check

// SPDX-License-Identifier: Apache-2.0
// Applies basic rules to one document: the first rule that matches decides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/path_filter.h"
#include "rules/rule_set.h"

namespace re2 {
class RE2;
}

namespace dbxes::rules {

using FieldScalar = std::variant<std::string, std::int64_t, double, bool>;
// None for a field that is absent or null, several for a list: a rule matches when it matches any.
using FieldValues = std::vector<FieldScalar>;
// Returns the values of a document's field. Called when a rule needs them.
using FieldGetter = std::function<FieldValues(std::string_view field)>;

// One rule, its value parsed into each form that a comparison may need.
class RuleCondition {
 public:
  // The rule is valid: its regular expression compiles.
  explicit RuleCondition(const BasicRule& rule);
  RuleCondition(RuleCondition&&) noexcept;
  RuleCondition& operator=(RuleCondition&&) noexcept;
  ~RuleCondition();

  bool Matches(const FieldScalar& value) const;

 private:
  bool MatchesText(std::string_view text) const;
  bool MatchesString(const std::string& text) const;
  bool MatchesInteger(std::int64_t number) const;
  bool MatchesNumber(double number) const;

  Operator op_;
  std::string value_;
  std::optional<std::int64_t> integer_;
  std::optional<double> number_;
  std::optional<bool> truth_;
  std::optional<std::int64_t> date_;
  bool in_time_ = false;  // the field holds dates, or the value is one
  std::unique_ptr<re2::RE2> regex_;
};

struct RuleDecision {
  Policy policy = Policy::kInclude;
  // If the patterns exclude it, no rule was asked.
  PathDecision path = {};
  // Of something beside the folders that are indexed, which nobody expects in the index.
  bool IsOutside() const { return path.verdict == PathDecision::Verdict::kOutside; }
  // Index into RuleSet::basic; nothing when no rule matched.
  std::optional<std::size_t> rule = std::nullopt;
};

class RuleMatcher {
 public:
  explicit RuleMatcher(const RuleSet& rules);
  RuleDecision Decide(const FieldGetter& fields) const;

 private:
  struct Step {
    std::string field;
    Policy policy;
    RuleCondition condition;
  };
  std::vector<Step> steps_;
  Policy otherwise_;
};

// Anchored at the start only, like the connector's expressions; linear in time for any expression.
std::unique_ptr<re2::RE2> CompileRegex(std::string_view pattern);
bool RegexMatches(const re2::RE2& regex, std::string_view text);

}  // namespace dbxes::rules

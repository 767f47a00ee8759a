// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_set.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"

namespace dbxes::rules {
namespace {

// Writes each part with its length, so that two different lists never have the same text.
void Put(std::string& out, std::string_view part) {
  out += fmt::format("{}:{};", part.size(), part);
}

void PutAll(std::string& out, std::vector<std::string> parts) {
  std::sort(parts.begin(), parts.end());
  out += fmt::format("[{}]", parts.size());
  for (const std::string& part : parts) Put(out, part);
}

std::string MeaningOf(const BasicRule& rule) {
  std::string text;
  for (const std::string_view part : {ToString(rule.policy), std::string_view(rule.field),
                                      ToString(rule.op), std::string_view(rule.value)}) {
    Put(text, part);
  }
  return text;
}

// Page size and order do not change which files are found.
std::string MeaningOf(const AdvancedRule& rule) {
  std::string text;
  Put(text, rule.query);
  Put(text, rule.path);
  Put(text, rule.account_id);
  Put(text, rule.filename_only ? "name" : "all");
  PutAll(text, rule.file_categories);
  PutAll(text, rule.file_categories.empty() ? rule.file_extensions : std::vector<std::string>());
  return text;
}

}  // namespace

std::string_view ToString(Policy policy) {
  return policy == Policy::kInclude ? "include" : "exclude";
}

std::string_view ToString(Operator op) {
  switch (op) {
    case Operator::kEquals:
      return "equals";
    case Operator::kContains:
      return "contains";
    case Operator::kStartsWith:
      return "starts_with";
    case Operator::kEndsWith:
      return "ends_with";
    case Operator::kRegex:
      return "regex";
    case Operator::kGreater:
      return ">";
    case Operator::kLess:
      return "<";
  }
  return "";
}

std::string FingerprintOf(const RuleSet& rules) {
  if (rules.Empty()) return "none";
  std::string text;
  for (const BasicRule& rule : rules.basic) Put(text, MeaningOf(rule));
  Put(text, ToString(rules.otherwise));
  std::vector<std::string> searches;
  for (const AdvancedRule& rule : rules.advanced) searches.push_back(MeaningOf(rule));
  PutAll(text, std::move(searches));
  const std::size_t basic = rules.basic.size() + (rules.otherwise == Policy::kExclude ? 1 : 0);
  return fmt::format("{} basic, {} advanced ({})", basic, rules.advanced.size(),
                     ToHex64(Hash64(text)));
}

}  // namespace dbxes::rules

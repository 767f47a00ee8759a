// SPDX-License-Identifier: Apache-2.0
// What basic rules mean together: the same condition twice, and rules that an earlier one leaves
// nothing to.
#include <fmt/format.h>
#include <re2/re2.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "rules/rule_fields.h"
#include "rules/rule_matcher.h"
#include "rules/rule_readers.h"

namespace dbxes::rules {
namespace {

// A value as it is compared: 5 and 5.0 are one number.
std::string Canonical(const BasicRule& rule) {
  const bool compares =
      rule.op == Operator::kEquals || rule.op == Operator::kGreater || rule.op == Operator::kLess;
  if (!compares) return rule.value;
  switch (TypeOfField(rule.field)) {
    case RuleFieldType::kNumber:
      return fmt::format("{}", ParseNumber(rule.value).value_or(0));
    case RuleFieldType::kDate:
      return fmt::format("{}", ParseDate(rule.value).value_or(0));
    case RuleFieldType::kBool:
      return ParseBool(rule.value).value_or(false) ? "true" : "false";
    default:
      return rule.value;
  }
}

// Whether all that the later comparison accepts, the earlier one accepts.
template <class T>
bool RangeCovers(Operator earlier, const T& limit, Operator later, const T& value) {
  if (earlier == Operator::kGreater) {
    return (later == Operator::kGreater && value >= limit) ||
           (later == Operator::kEquals && value > limit);
  }
  if (earlier == Operator::kLess) {
    return (later == Operator::kLess && value <= limit) ||
           (later == Operator::kEquals && value < limit);
  }
  return false;
}

class Coverage {
 public:
  explicit Coverage(const BasicRule& rule) : rule_(rule), type_(TypeOfField(rule.field)) {
    if (rule.op == Operator::kRegex) regex_ = CompileRegex(rule.value);
  }

  const BasicRule& rule() const { return rule_; }

  // Whether every document that `later` matches is matched by this rule. Both test one field.
  bool Covers(const BasicRule& later) const {
    switch (type_) {
      case RuleFieldType::kNumber:
        return CoversParsed(later, ParseNumber);
      case RuleFieldType::kDate:
        return CoversParsed(later, ParseDate);
      case RuleFieldType::kText:
        return CoversText(later);
      default:
        return false;
    }
  }

 private:
  template <class Parse>
  bool CoversParsed(const BasicRule& later, Parse parse) const {
    const auto limit = parse(rule_.value);
    const auto value = parse(later.value);
    return limit && value && RangeCovers(rule_.op, *limit, later.op, *value);
  }
  bool CoversText(const BasicRule& later) const {
    const std::string& text = later.value;
    const bool whole = later.op == Operator::kEquals;
    const bool begins = whole || later.op == Operator::kStartsWith;
    const bool ends = whole || later.op == Operator::kEndsWith;
    switch (rule_.op) {
      case Operator::kContains:
        return (begins || ends || later.op == Operator::kContains) &&
               text.find(rule_.value) != std::string::npos;
      case Operator::kStartsWith:
        return begins && text.starts_with(rule_.value);
      case Operator::kEndsWith:
        return ends && text.ends_with(rule_.value);
      case Operator::kRegex:
        return whole && RegexMatches(*regex_, text);
      default:
        return RangeCovers(rule_.op, rule_.value, later.op, text);
    }
  }

  const BasicRule& rule_;
  RuleFieldType type_;
  std::unique_ptr<re2::RE2> regex_;
};

std::string NameOf(const BasicRule& rule) {
  return fmt::format("the rule \"{}\" in line {}", rule.id, rule.place.line);
}

class MeaningChecker {
 public:
  explicit MeaningChecker(NodeReader& reader) : reader_(reader) {}

  void Check(const BasicRule& rule, const Spot& at) {
    if (IsDefaultRule(rule)) return CheckDefault(rule, at);
    if (!ids_.insert(rule.id).second) {
      reader_.Warn(at, fmt::format("the id \"{}\" belongs to another rule already", rule.id));
    }
    const Condition condition{rule.field, rule.op, Canonical(rule)};
    const auto [known, is_new] = conditions_.emplace(condition, &rule);
    if (!is_new) {
      reader_.Error(
          at, fmt::format("tests the same as {}, which is asked first", NameOf(*known->second)));
      return;
    }
    auto& earlier = by_field_[rule.field];
    for (const Coverage& one : earlier) {
      if (!one.Covers(rule)) continue;
      reader_.Error(
          at, fmt::format("is never reached: {} matches all that it matches", NameOf(one.rule())));
      return;
    }
    earlier.emplace_back(rule);
  }

 private:
  using Condition = std::tuple<std::string, Operator, std::string>;

  void CheckDefault(const BasicRule& rule, const Spot& at) {
    if (default_ != nullptr) {
      return reader_.Error(
          at, fmt::format("the rule DEFAULT stands in line {} already", default_->place.line));
    }
    default_ = &rule;
    const bool usual = rule.field == "_" && rule.op == Operator::kRegex && rule.value == ".*";
    if (usual) return;
    reader_.Warn(at,
                 "the rule DEFAULT decides about all that other rules leave: its condition is not "
                 "asked (the connector writes field \"_\", rule \"regex\", value \".*\")");
  }

  NodeReader& reader_;
  const BasicRule* default_ = nullptr;
  std::set<std::string> ids_;
  std::map<Condition, const BasicRule*> conditions_;
  std::map<std::string, std::vector<Coverage>> by_field_;
};

std::string AndThoseAfter(std::size_t count) {
  if (count == 0) return {};
  return count == 1 ? ", nor does the rule after it"
                    : fmt::format(", nor do the {} rules after it", count);
}

}  // namespace

// The last rules that are asked, where they say what holds for the rest in any case. Whoever writes
// rules that only include mostly means that nothing else be indexed.
void CheckEffect(NodeReader& reader, const std::vector<BasicRule>& rules,
                 const std::vector<Spot>& spots) {
  Policy otherwise = Policy::kInclude;
  for (const BasicRule& rule : rules) {
    if (IsDefaultRule(rule)) otherwise = rule.policy;
  }
  std::size_t without = 0;
  std::size_t first = 0;
  for (std::size_t i = rules.size(); i-- > 0;) {
    if (IsDefaultRule(rules[i])) continue;
    if (rules[i].policy != otherwise) break;
    first = i;
    ++without;
  }
  if (without == 0) return;
  const std::string_view why =
      otherwise == Policy::kInclude
          ? "what no rule excludes is included; to include nothing else, add the rule with the id "
            "DEFAULT and the policy exclude"
          : "what no rule includes is excluded by the rule DEFAULT";
  reader.Warn(spots[first], fmt::format("changes nothing{}: {}", AndThoseAfter(without - 1), why));
}

void CheckMeaning(NodeReader& reader, const std::vector<BasicRule>& rules,
                  const std::vector<Spot>& spots) {
  MeaningChecker checker(reader);
  for (std::size_t i = 0; i < rules.size(); ++i) checker.Check(rules[i], spots[i]);
}

}  // namespace dbxes::rules

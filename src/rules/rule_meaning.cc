// SPDX-License-Identifier: Apache-2.0
// Checks basic rules against each other: the same condition twice, and rules that are never reached
// because an earlier rule matches everything that they match.
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

// The value in the form in which it is compared: 5 and 5.0 are the same number.
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

// Whether the earlier comparison accepts everything that the later one accepts.
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

  // Whether this rule matches every document that `later` matches. Both test the same field.
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
      reader_.Warn(at, fmt::format("another rule already has the id \"{}\"", rule.id));
    }
    const Condition condition{rule.field, rule.op, Canonical(rule)};
    const auto [known, is_new] = conditions_.emplace(condition, &rule);
    if (!is_new) {
      reader_.Error(
          at, fmt::format("tests the same as {}, which is applied first", NameOf(*known->second)));
      return;
    }
    auto& earlier = by_field_[rule.field];
    for (const Coverage& one : earlier) {
      if (!one.Covers(rule)) continue;
      reader_.Error(at, fmt::format("is never reached: {} matches everything that it matches",
                                    NameOf(one.rule())));
      return;
    }
    earlier.emplace_back(rule);
  }

 private:
  using Condition = std::tuple<std::string, Operator, std::string>;

  void CheckDefault(const BasicRule& rule, const Spot& at) {
    if (default_ != nullptr) {
      return reader_.Error(
          at, fmt::format("the rule DEFAULT is already in line {}", default_->place.line));
    }
    default_ = &rule;
    const bool usual = rule.field == "_" && rule.op == Operator::kRegex && rule.value == ".*";
    if (usual) return;
    reader_.Warn(at,
                 "the rule DEFAULT applies to all documents that no other rule matches: its "
                 "condition is ignored (the connector writes field \"_\", rule \"regex\", value "
                 "\".*\")");
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

// Warns about last rules that only repeat what applies to all other documents. Somebody who writes
// only rules that include usually wants nothing else to be indexed.
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
          ? "documents that no rule excludes are included; to include nothing else, add the rule "
            "with the id DEFAULT and the policy exclude"
          : "documents that no rule includes are excluded by the rule DEFAULT";
  reader.Warn(spots[first], fmt::format("has no effect{}: {}", AndThoseAfter(without - 1), why));
}

void CheckMeaning(NodeReader& reader, const std::vector<BasicRule>& rules,
                  const std::vector<Spot>& spots) {
  MeaningChecker checker(reader);
  for (std::size_t i = 0; i < rules.size(); ++i) checker.Check(rules[i], spots[i]);
}

}  // namespace dbxes::rules

// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_matcher.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <charconv>

#include "rules/rule_fields.h"

namespace dbxes::rules {
namespace {

constexpr std::int64_t kRegexMemory = 1 << 20;

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class T>
bool Compare(Operator op, const T& left, const T& right) {
  switch (op) {
    case Operator::kEquals:
      return left == right;
    case Operator::kGreater:
      return left > right;
    case Operator::kLess:
      return left < right;
    default:
      return false;
  }
}

bool ComparesValues(Operator op) {
  return op == Operator::kEquals || op == Operator::kGreater || op == Operator::kLess;
}

}  // namespace

std::unique_ptr<re2::RE2> CompileRegex(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  return std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
}

bool RegexMatches(const re2::RE2& regex, std::string_view text) {
  return regex.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                     re2::RE2::ANCHOR_START, nullptr, 0);
}

RuleCondition::RuleCondition(const BasicRule& rule)
    : op_(rule.op),
      value_(rule.value),
      integer_(ParseInteger(rule.value)),
      number_(ParseNumber(rule.value)),
      truth_(ParseBool(rule.value)),
      date_(ParseDate(rule.value)) {
  const RuleFieldType type = TypeOfField(rule.field);
  in_time_ = date_ && (type == RuleFieldType::kDate || type == RuleFieldType::kUnknown);
  if (op_ == Operator::kRegex) regex_ = CompileRegex(value_);
}

RuleCondition::RuleCondition(RuleCondition&&) noexcept = default;
RuleCondition& RuleCondition::operator=(RuleCondition&&) noexcept = default;
RuleCondition::~RuleCondition() = default;

bool RuleCondition::MatchesText(std::string_view text) const {
  switch (op_) {
    case Operator::kContains:
      return text.find(value_) != std::string_view::npos;
    case Operator::kStartsWith:
      return text.starts_with(value_);
    case Operator::kEndsWith:
      return text.ends_with(value_);
    case Operator::kRegex:
      return RegexMatches(*regex_, text);
    default:
      return Compare<std::string_view>(op_, text, value_);
  }
}

bool RuleCondition::MatchesString(const std::string& text) const {
  if (in_time_ && ComparesValues(op_)) {
    if (const auto date = ParseDate(text)) return Compare(op_, *date, *date_);
  }
  return MatchesText(text);
}

bool RuleCondition::MatchesInteger(std::int64_t number) const {
  if (!ComparesValues(op_)) return MatchesText(fmt::format("{}", number));
  if (integer_) return Compare(op_, number, *integer_);
  return number_ && Compare(op_, static_cast<double>(number), *number_);
}

bool RuleCondition::MatchesNumber(double number) const {
  if (!ComparesValues(op_)) return MatchesText(fmt::format("{}", number));
  return number_ && Compare(op_, number, *number_);
}

bool RuleCondition::Matches(const FieldScalar& value) const {
  if (const auto* text = std::get_if<std::string>(&value)) return MatchesString(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return MatchesInteger(*number);
  if (const auto* number = std::get_if<double>(&value)) return MatchesNumber(*number);
  const bool truth = std::get<bool>(value);
  if (!ComparesValues(op_)) return MatchesText(truth ? "true" : "false");
  return op_ == Operator::kEquals && truth_ && *truth_ == truth;
}

RuleMatcher::RuleMatcher(const RuleSet& rules) : otherwise_(rules.otherwise) {
  for (const BasicRule& rule : rules.basic) {
    steps_.push_back({rule.field, rule.policy, RuleCondition(rule)});
  }
}

RuleDecision RuleMatcher::Decide(const FieldGetter& fields) const {
  FieldValues values;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    // Most long lists of rules test one field.
    if (i == 0 || steps_[i].field != steps_[i - 1].field) values = fields(steps_[i].field);
    for (const FieldScalar& value : values) {
      if (steps_[i].condition.Matches(value)) return {.policy = steps_[i].policy, .rule = i};
    }
  }
  return {.policy = otherwise_};
}

}  // namespace dbxes::rules

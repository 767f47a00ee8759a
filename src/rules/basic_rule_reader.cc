// SPDX-License-Identifier: Apache-2.0
// Reads one basic rule and checks its members, its regular expression and whether its value fits
// its field.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "rules/rule_fields.h"
#include "rules/rule_matcher.h"
#include "rules/rule_readers.h"

namespace dbxes::rules {
namespace {

constexpr std::array<std::string_view, 8> kMembers{"id",    "policy", "field",      "rule",
                                                   "value", "order",  "created_at", "updated_at"};
constexpr std::span<const std::string_view> kRequired = std::span(kMembers).first(6);
constexpr std::array kPolicies{Policy::kInclude, Policy::kExclude};
constexpr std::array kOperators{Operator::kEquals,   Operator::kContains, Operator::kStartsWith,
                                Operator::kEndsWith, Operator::kRegex,    Operator::kGreater,
                                Operator::kLess};
constexpr std::size_t kMaxRegexBytes = 1000;

// Reads a member whose value is one of a few words, ignoring case.
template <class Choice, std::size_t N>
std::optional<Choice> ReadChoice(NodeReader& reader, const Spot& rule, std::string_view key,
                                 const std::array<Choice, N>& choices) {
  const auto text = reader.Text(rule, key);
  if (!text) return std::nullopt;
  std::vector<std::string> allowed;
  for (const Choice choice : choices) {
    if (LowerAscii(*text) == ToString(choice)) return choice;
    allowed.emplace_back(ToString(choice));
  }
  reader.Error(*reader.Member(rule, key), fmt::format("\"{}\" is not a {}", *text, key),
               std::move(allowed));
  return std::nullopt;
}

// Whether the expression matches every text, which makes the rule useless. Expressions are anchored
// at the start only, so one that matches the empty text matches everything, unless it also asks
// something about what follows.
bool MatchesEverything(const re2::RE2& regex) {
  std::string_view pattern = regex.pattern();
  if (RegexMatches(regex, "") && pattern.find_first_of("$") == std::string_view::npos &&
      pattern.find("\\z") == std::string_view::npos &&
      pattern.find("\\b") == std::string_view::npos &&
      pattern.find("\\B") == std::string_view::npos) {
    return true;
  }
  while (pattern.starts_with('^')) pattern.remove_prefix(1);
  while (pattern.ends_with('$')) pattern.remove_suffix(1);
  while (pattern.starts_with('(') && pattern.ends_with(')')) {
    pattern = pattern.substr(1, pattern.size() - 2);
  }
  return pattern == ".*" || pattern == ".+" || pattern == ".*?" || pattern == ".+?" ||
         pattern == ".";
}

bool CheckRegex(NodeReader& reader, const Spot& value, const BasicRule& rule) {
  if (rule.value.size() > kMaxRegexBytes) {
    reader.Error(value,
                 fmt::format("the regular expression is longer than {} bytes", kMaxRegexBytes));
    return false;
  }
  const auto regex = CompileRegex(rule.value);
  if (!regex->ok()) {
    const std::size_t part = rule.value.find(regex->error_arg());
    const std::size_t at = part == std::string::npos ? 0 : part;
    const TextPlace place = reader.PlaceInString(value, at);
    reader.Error(value, fmt::format("invalid regular expression at its byte {} (line {}, column "
                                    "{}): {}; the syntax is RE2's, without look-around and back "
                                    "references",
                                    at + 1, place.line, place.column, regex->error()));
    return false;
  }
  if (IsDefaultRule(rule) || !MatchesEverything(*regex)) return true;
  reader.Error(
      value,
      "this regular expression matches every text; use the rule with the id DEFAULT for all "
      "documents that no other rule matches");
  return false;
}

bool ComparesValues(Operator op) {
  return op == Operator::kEquals || op == Operator::kGreater || op == Operator::kLess;
}

// Why no path can match the rule; "" if one may.
std::string_view WhyNoPath(const BasicRule& rule) {
  const bool whole = rule.op == Operator::kEquals;
  const bool begins = whole || rule.op == Operator::kStartsWith;
  const bool ends = whole || rule.op == Operator::kEndsWith;
  if (begins && !rule.value.starts_with('/')) return "a path begins with a slash";
  if (ends && rule.value.ends_with('/')) return "a path has no slash at its end";
  return {};
}

// Why no document can match the rule, judging by its field; "" if one may.
std::string WhyNever(const BasicRule& rule) {
  if (rule.op == Operator::kRegex || rule.op == Operator::kGreater || rule.op == Operator::kLess) {
    return {};
  }
  const std::string& field = rule.field;
  const bool lower = field == "path_lower" || field == "ancestors" || field == "extension";
  if (lower && LowerAscii(rule.value) != rule.value) return field + " is in lower case";
  if (field == "path_lower" || field == "ancestors" || field == "file_path") {
    return std::string(WhyNoPath(rule));
  }
  const bool slash = rule.value.find('/') != std::string::npos;
  if (field == "name" && slash) return "a name has no slash";
  if (field == "extension" && slash) return "an extension has no slash";
  if (field == "extension" && rule.value.find('.') != std::string::npos) {
    return "an extension has no dot";
  }
  const bool type = field == "type" && rule.op == Operator::kEquals;
  if (type && rule.value != "File" && rule.value != "Folder") return "a type is File or Folder";
  return {};
}

// False when the value has another type than the field.
bool CheckValue(NodeReader& reader, const Spot& value, const BasicRule& rule) {
  if (rule.op == Operator::kRegex && !CheckRegex(reader, value, rule)) return false;
  if (const std::string why = WhyNever(rule); !why.empty() && !IsDefaultRule(rule)) {
    reader.Warn(value, "the rule never matches: " + why);
  }
  if (!ComparesValues(rule.op)) return true;
  const auto fail = [&](std::string_view type, std::string_view verdict) {
    reader.Error(value,
                 fmt::format("{} is {}: \"{}\" is {}", rule.field, type, rule.value, verdict));
    return false;
  };
  switch (TypeOfField(rule.field)) {
    case RuleFieldType::kNumber:
      return ParseNumber(rule.value) ? true : fail("a number of bytes", "not one");
    case RuleFieldType::kDate:
      return ParseDate(rule.value) ? true : fail("a date such as 2026-01-31T10:00:00Z", "not one");
    case RuleFieldType::kBool:
      if (rule.op == Operator::kEquals) {
        return ParseBool(rule.value) ? true : fail("true or false", "neither");
      }
      reader.Error(value,
                   fmt::format("{} is true or false: only equals can compare it", rule.field));
      return false;
    default:
      return true;
  }
}

void CheckField(NodeReader& reader, const Spot& at, const BasicRule& rule) {
  const auto field = reader.Member(at, "field");
  switch (TypeOfField(rule.field)) {
    case RuleFieldType::kLater:
      reader.Error(
          *field, fmt::format("rules cannot test \"{}\": it is not known yet when they are applied",
                              rule.field));
      break;
    case RuleFieldType::kUnknown: {
      if (IsDefaultRule(rule)) break;
      reader.Warn(*field, fmt::format("no document of dbx-es has a field \"{}\": the rule never "
                                      "matches",
                                      rule.field));
      break;
    }
    default:
      break;
  }
}

}  // namespace

bool LooksBasic(const JsonNode& node) {
  return std::any_of(kRequired.begin(), kRequired.end(),
                     [&](std::string_view key) { return node.Find(key) != nullptr; });
}

bool IsDefaultRule(const BasicRule& rule) { return rule.id == "DEFAULT"; }

std::optional<BasicRule> ReadBasicRule(NodeReader& reader, const Spot& at) {
  if (!reader.Expect(at, JsonNode::Kind::kObject)) return std::nullopt;
  reader.CheckMembers(at, kMembers, kRequired);
  const auto id = reader.Text(at, "id");
  const auto policy = ReadChoice(reader, at, "policy", kPolicies);
  const auto field = reader.Text(at, "field");
  const auto op = ReadChoice(reader, at, "rule", kOperators);
  const auto value = reader.Text(at, "value");
  const auto order = reader.Number(at, "order");
  if (!id || !policy || !field || !op || !value || !order) return std::nullopt;
  BasicRule rule{*id, *policy, *field, *op, *value, *order, reader.PlaceOf(at), at.pointer};
  CheckField(reader, at, rule);
  if (!CheckValue(reader, *reader.Member(at, "value"), rule)) return std::nullopt;
  return rule;
}

}  // namespace dbxes::rules

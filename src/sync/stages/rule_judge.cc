// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/rule_judge.h"

#include <fmt/format.h>

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "documents/document_fields.h"

namespace dbxes::sync {
namespace {

using Verdict = rules::PathDecision::Verdict;

documents::FieldVisitor AppendTo(rules::FieldValues& values) {
  return [&values](const documents::FieldValue& value) {
    std::visit(
        [&values](const auto& one) {
          if constexpr (std::is_same_v<std::decay_t<decltype(one)>, std::string_view>) {
            values.emplace_back(std::string(one));
          } else {
            values.emplace_back(one);
          }
        },
        value);
  };
}

}  // namespace

RuleJudge::RuleJudge(const rules::RuleSet& rules, documents::DocumentContext context)
    : rules_(rules), filter_(rules.patterns), matcher_(rules), context_(std::move(context)) {}

std::string RuleJudge::Describe(const rules::RuleDecision& decision) const {
  if (decision.path.verdict != Verdict::kPasses) {
    return rules::Describe(decision.path, rules_.patterns);
  }
  if (!decision.rule) return "rule DEFAULT";
  const rules::BasicRule& rule = rules_.basic[*decision.rule];
  return fmt::format("rule {} in line {}", rule.id, rule.place.line);
}

rules::RuleDecision RuleJudge::After(const rules::PathDecision& path,
                                     const rules::FieldGetter& fields) const {
  if (path.verdict == Verdict::kPasses) return matcher_.Decide(fields);
  return {.policy = rules::Policy::kExclude, .path = path};
}

rules::RuleDecision RuleJudge::Judge(const delta::Entry& entry) const {
  const bool is_folder = entry.kind == delta::EntryKind::kFolder;
  return After(filter_.Decide(entry.path_lower, is_folder), [&](std::string_view field) {
    rules::FieldValues values;
    documents::VisitField(context_, entry, field, AppendTo(values));
    return values;
  });
}

rules::RuleDecision RuleJudge::Judge(std::string_view id, const dropbox::LinkedFile& file) const {
  return After(filter_.DecideName(file.name), [&](std::string_view field) {
    rules::FieldValues values;
    documents::VisitReceivedField(context_, id, file, field, AppendTo(values));
    return values;
  });
}

}  // namespace dbxes::sync

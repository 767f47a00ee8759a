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
    : rules_(rules), matcher_(rules), context_(std::move(context)) {}

std::string RuleJudge::Describe(const rules::RuleDecision& decision) const {
  if (!decision.rule) return "rule DEFAULT";
  const rules::BasicRule& rule = rules_.basic[*decision.rule];
  return fmt::format("rule {} in line {}", rule.id, rule.place.line);
}

rules::RuleDecision RuleJudge::Judge(const delta::Entry& entry) const {
  return matcher_.Decide([&](std::string_view field) {
    rules::FieldValues values;
    documents::VisitField(context_, entry, field, AppendTo(values));
    return values;
  });
}

rules::RuleDecision RuleJudge::Judge(std::string_view id, const dropbox::LinkedFile& file) const {
  return matcher_.Decide([&](std::string_view field) {
    rules::FieldValues values;
    documents::VisitReceivedField(context_, id, file, field, AppendTo(values));
    return values;
  });
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/rule_judge.h"

#include <utility>

#include "base/json/json.h"

namespace dbxes::sync {
namespace {

void Append(const rapidjson::Value& value, rules::FieldValues& values) {
  if (value.IsString()) values.emplace_back(std::string(View(value)));
  if (value.IsInt64()) values.emplace_back(value.GetInt64());
  if (value.IsBool()) values.emplace_back(value.GetBool());
}

}  // namespace

RuleJudge::RuleJudge(const rules::RuleSet& rules, documents::DocumentContext context)
    : matcher_(rules), builder_(std::move(context)) {}

rules::RuleDecision RuleJudge::Judge(const delta::Entry& entry) {
  builder_.Clear();
  return Decide(builder_.Build(entry));
}

rules::RuleDecision RuleJudge::Judge(std::string_view id, const dropbox::LinkedFile& file) {
  builder_.Clear();
  return Decide(builder_.BuildReceived(id, file));
}

rules::FieldValues RuleJudge::ValuesOf(std::string_view field) const {
  rules::FieldValues values;
  const rapidjson::Value* found = FindMember(document_, field);
  if (found == nullptr) return values;
  if (!found->IsArray()) Append(*found, values);
  if (found->IsArray()) {
    for (const rapidjson::Value& item : found->GetArray()) Append(item, values);
  }
  return values;
}

// What was built is read back, so that rules cannot see anything else than what is indexed.
rules::RuleDecision RuleJudge::Decide(const documents::Draft& draft) {
  text_ = builder_.Json(draft);
  text_ += '}';
  document_.SetNull();
  document_.GetAllocator().Clear();
  document_.ParseInsitu(text_.data());
  return matcher_.Decide([this](std::string_view field) { return ValuesOf(field); });
}

}  // namespace dbxes::sync

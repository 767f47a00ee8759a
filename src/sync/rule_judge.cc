// SPDX-License-Identifier: Apache-2.0
#include "sync/rule_judge.h"

#include <utility>

#include "base/json.h"

namespace dbxes {
namespace {

void Append(const rapidjson::Value& value, FieldValues& values) {
  if (value.IsString()) values.emplace_back(std::string(View(value)));
  if (value.IsInt64()) values.emplace_back(value.GetInt64());
  if (value.IsBool()) values.emplace_back(value.GetBool());
}

}  // namespace

RuleJudge::RuleJudge(const RuleSet& rules, DocumentContext context)
    : matcher_(rules), builder_(std::move(context)) {}

RuleDecision RuleJudge::Judge(const Entry& entry) {
  builder_.Clear();
  return Decide(builder_.Build(entry));
}

RuleDecision RuleJudge::Judge(std::string_view id, const LinkedFile& file) {
  builder_.Clear();
  return Decide(builder_.BuildReceived(id, file));
}

FieldValues RuleJudge::ValuesOf(std::string_view field) const {
  FieldValues values;
  const rapidjson::Value* found = FindMember(document_, field);
  if (found == nullptr) return values;
  if (!found->IsArray()) Append(*found, values);
  if (found->IsArray()) {
    for (const rapidjson::Value& item : found->GetArray()) Append(item, values);
  }
  return values;
}

// What was built is read back, so that rules cannot see anything else than what is indexed.
RuleDecision RuleJudge::Decide(const Draft& draft) {
  text_ = builder_.Json(draft);
  text_ += '}';
  document_.SetNull();
  document_.GetAllocator().Clear();
  document_.ParseInsitu(text_.data());
  return matcher_.Decide([this](std::string_view field) { return ValuesOf(field); });
}

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
// A rules file, and what its rules decide.
#include <string>

#include "fuzz/fuzz_target.h"
#include "rules/rule_file.h"
#include "rules/rule_matcher.h"

namespace dbxes::fuzz {
namespace {

rules::FieldValues ValuesOf(std::string_view field) {
  if (field == "size") return {std::int64_t{240}};
  if (field == "_reduce_whitespace") return {true};
  if (field.ends_with("_modified")) return {std::string("2026-01-31T10:00:00Z")};
  return {std::string("/team/plan.pdf"), std::string("")};
}

void ReadRules(std::string_view bytes) {
  rules::RuleFile file = rules::ReadRules(bytes);
  for (const rules::Finding& finding : file.findings.Sorted()) {
    Require(!rules::FormatFinding(finding, "rules.json").empty(), "a finding has a text");
  }
  if (file.findings.errors() > 0) return;
  rules::RuleMatcher(file.rules).Decide(ValuesOf);
}

const Registration rules_file("rules_file", ReadRules);

}  // namespace
}  // namespace dbxes::fuzz

// SPDX-License-Identifier: Apache-2.0
// A rules file, and what its rules decide; patterns for paths.
#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/path_glob.h"

#include "fuzz/fuzz_target.h"
#include "rules/path_filter.h"
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

bool IsPath(std::string_view path) {
  return path.starts_with('/') && !path.ends_with('/') && path.find("//") == std::string_view::npos;
}

// The first line is a pattern, the rest a path.
void MatchPattern(std::string_view bytes) {
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  const std::string pattern(bytes.substr(0, line));
  const auto glob = ParsePathGlob(pattern);
  if (!glob) return Require(!glob.error().message.empty(), "a refusal has a reason");
  re2::RE2::Options quiet;
  quiet.set_log_errors(false);
  Require(re2::RE2(glob->regex, quiet).ok(), "every pattern can be compiled");
  const std::string path(bytes.substr(std::min(line + 1, bytes.size())));
  if (!IsPath(path)) return;
  const rules::PathFilter filter({{}, {pattern}, {""}});
  const auto excludes = [&](const std::string& at, bool is_folder) {
    return filter.Decide(at, is_folder).verdict == rules::PathDecision::Verdict::kExcluded;
  };
  if (!excludes(path, true)) return;
  Require(excludes(path + "/x", true) && excludes(path + "/x", false),
          "what matches a folder matches everything in it");
}

const Registration rules_file("rules_file", ReadRules);
const Registration path_pattern("path_pattern", MatchPattern);

}  // namespace
}  // namespace dbxes::fuzz

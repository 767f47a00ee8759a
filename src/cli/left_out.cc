// SPDX-License-Identifier: Apache-2.0
#include "cli/left_out.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "base/tree_path.h"
#include "rules/path_filter.h"
#include "sync/plan/sync_plan.h"

namespace dbxes::cli {

Error WithPattern(Error error, const config::Config& config, std::string_view path) {
  if (error.kind != ErrorKind::kNotFound || !path.starts_with('/')) return error;
  rules::PathPatterns patterns = sync::PatternsOf(config);
  const auto around = std::find_if(
      patterns.folders.begin(), patterns.folders.end(),
      [&](const std::string& folder) { return LiesIn(LowerAscii(path), LowerAscii(folder)); });
  if (patterns.Empty() || around == patterns.folders.end()) return error;
  patterns.folders = {*around};
  // Nobody knows any more whether it is a folder.
  const rules::PathDecision decision =
      rules::PathFilter(patterns).Decide(WithoutFinalSlash(std::string(path)), true);
  const std::string pattern = rules::Describe(decision, patterns);
  if (!pattern.empty()) error.message += "; left out by " + pattern;
  return error;
}

}  // namespace dbxes::cli

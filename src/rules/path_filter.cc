// SPDX-License-Identifier: Apache-2.0
#include "rules/path_filter.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "base/path_glob.h"
#include "base/safe_text.h"
#include "base/tree_path.h"

namespace dbxes::rules {
namespace {

using Verdict = PathDecision::Verdict;

std::unique_ptr<re2::RE2> CompileGlob(const std::string& regex) {
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_dot_nl(true);
  options.set_log_errors(false);
  return std::make_unique<re2::RE2>(regex, options);
}

std::size_t DepthOf(std::string_view folder) {
  return static_cast<std::size_t>(std::count(folder.begin(), folder.end(), '/'));
}

// The part of a path after its first `names` names. Lower-casing keeps the number of names, but not
// that of bytes.
std::string_view Below(std::string_view path, std::size_t names) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < names && at < path.size(); ++i) {
    at = std::min(path.find('/', at + 1), path.size());
  }
  return path.substr(at);
}

}  // namespace

std::string Describe(const PathDecision& decision, const PathPatterns& patterns) {
  switch (decision.verdict) {
    case Verdict::kExcluded:
      return "sync.exclude " + InOneLine(patterns.exclude[decision.pattern]);
    case Verdict::kNotIncluded:
      return "no pattern of sync.include";
    case Verdict::kOutside:
      return "outside of dropbox.path";
    case Verdict::kPasses:
      break;
  }
  return "";
}

bool PathFilter::Pattern::Matches(std::string_view path, bool is_folder) const {
  if (folders_only && !is_folder) path = FolderOf(path);
  return regex->Match(re2::StringPiece(path.data(), path.size()), 0, path.size(),
                      re2::RE2::ANCHOR_BOTH, nullptr, 0);
}

std::vector<PathFilter::Pattern> PathFilter::Compile(const std::vector<std::string>& texts) {
  std::vector<Pattern> patterns;
  for (const std::string& text : texts) {
    const auto glob = ParsePathGlob(text);
    // An expression that cannot be compiled matches nothing, either.
    if (glob) patterns.push_back({CompileGlob(glob->regex), glob->folders_only});
    if (!glob) patterns.push_back({CompileGlob("\\b\\B"), false});
  }
  return patterns;
}

PathFilter::PathFilter(const PathPatterns& patterns)
    : depth_(DepthOf(patterns.folders.front())),
      include_(Compile(patterns.include)),
      exclude_(Compile(patterns.exclude)) {
  if (patterns.folders.size() > 1)
    folders_.insert(patterns.folders.begin(), patterns.folders.end());
}

PathFilter::PathFilter(PathFilter&&) noexcept = default;
PathFilter& PathFilter::operator=(PathFilter&&) noexcept = default;
PathFilter::~PathFilter() = default;

// What follows the folder that the path is in; nothing if it is in none of several.
std::optional<std::string_view> PathFilter::BelowFolder(std::string_view path) const {
  if (folders_.empty()) return Below(path, depth_);
  for (std::size_t end = 0; end < path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    if (folders_.contains(path.substr(0, end))) return path.substr(end);
  }
  return std::nullopt;
}

PathDecision PathFilter::Decide(std::string_view path, bool is_folder) const {
  const auto below = BelowFolder(path);
  return below ? DecideRelative(*below, is_folder) : PathDecision{Verdict::kOutside, 0};
}

PathDecision PathFilter::DecideName(std::string_view name) const {
  std::string path = "/";
  path += name;
  return DecideRelative(path, false);
}

PathDecision PathFilter::DecideRelative(std::string_view path, bool is_folder) const {
  const auto matches = [&](const Pattern& pattern) { return pattern.Matches(path, is_folder); };
  const auto excluding = std::find_if(exclude_.begin(), exclude_.end(), matches);
  if (excluding != exclude_.end()) {
    return {Verdict::kExcluded, static_cast<std::size_t>(excluding - exclude_.begin())};
  }
  const bool wanted = include_.empty() || std::any_of(include_.begin(), include_.end(), matches);
  return {wanted ? Verdict::kPasses : Verdict::kNotIncluded, 0};
}

}  // namespace dbxes::rules

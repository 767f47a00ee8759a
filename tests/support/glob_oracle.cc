// SPDX-License-Identifier: Apache-2.0
#include "support/glob_oracle.h"

#include <fnmatch.h>

#include <cstddef>

namespace dbxes {
namespace {

// Whether a pattern without its outer slashes matches the path itself, from its first name, or from
// any.
bool MatchesItself(const std::string& pattern, const std::string& path, bool anchored) {
  for (std::size_t slash = 0; slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string tail = path.substr(slash + 1);
    if (::fnmatch(pattern.c_str(), tail.c_str(), FNM_PATHNAME | FNM_CASEFOLD) == 0) return true;
    if (anchored) return false;
  }
  return false;
}

}  // namespace

bool OracleMatches(const std::string& pattern, std::string_view path, bool is_folder) {
  std::string body = pattern;
  const bool anchored = body.starts_with('/');
  if (anchored) body.erase(0, 1);
  const bool folders_only = body.ends_with('/');
  if (folders_only) body.pop_back();
  const bool inside = body.ends_with("/**");
  if (inside) body.resize(body.size() - 3);
  std::string at(path);
  for (bool itself = true; !at.empty(); itself = false) {
    const bool counts = !itself || (!inside && (!folders_only || is_folder));
    if (counts && MatchesItself(body, at, anchored)) return true;
    at.resize(at.rfind('/'));
  }
  return false;
}

}  // namespace dbxes

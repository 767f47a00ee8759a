// SPDX-License-Identifier: Apache-2.0
// Patterns for paths, similar to those of rclone and .gitignore (dbx-es-rules(7), PATTERNS):
//
//   *.tmp         any entry whose name ends like this, in any folder; * and ? stop at a slash
//   /Archive      only at the root; with everything in it, if it is a folder
//   node_modules/ only folders
//   a/**/b        ** crosses folders; a/** is everything in a, but not a
//   [a-z] [!0-9]  one character; {jpg,png} one of several texts; \ takes the next character as it
//   is
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dbxes {

inline constexpr std::size_t kMaxGlobBytes = 1024;

struct PathGlob {
  // In the syntax of RE2, to match a path as a whole: "/a/b", relative to the root. To be compiled
  // so that case does not matter and a dot matches a line break.
  std::string regex;
  // A file matches only if the folder that it is in does.
  bool folders_only = false;
};

// kConfig for what is no pattern: "a bracket is not closed".
Result<PathGlob> ParsePathGlob(std::string_view pattern);

}  // namespace dbxes

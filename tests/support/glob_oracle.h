// SPDX-License-Identifier: Apache-2.0
// What a pattern for paths matches, in other words than base/path_glob.h: by the C library, for
// each folder around a path. Without braces, and with ** only as "/**" at the end.
#pragma once

#include <string>
#include <string_view>

namespace dbxes {

// `path`: "/a/b", relative to the folder of the patterns, of ASCII characters.
bool OracleMatches(const std::string& pattern, std::string_view path, bool is_folder);

}  // namespace dbxes

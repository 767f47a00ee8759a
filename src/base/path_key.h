// SPDX-License-Identifier: Apache-2.0
// How a path is stored and searched for in the index. A keyword longer than `ignore_above` is not
// indexed (Elasticsearch: Mapping parameters, ignore_above), so a longer path is replaced by a
// shorter text. Every document and every query by path uses this one function.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbxes {

// In UTF-16 code units, as Elasticsearch counts them. At most three bytes each in UTF-8, they stay
// below the 32,766 bytes of Lucene's longest term.
inline constexpr std::size_t kMaxPathKey = 8191;

// The replacement of a path longer than kMaxPathKey: the beginning of its folder, "//", and a hash
// (SHA-256) each of the folder and of the path. No path of Dropbox contains "//". The FolderOf the
// keys of two long paths are equal if the paths are in the same folder.
std::string LongPathKey(std::string_view path);
// Whether the path is longer than kMaxPathKey.
bool IsLongPath(std::string_view path);

// The path itself, or its replacement, which is then in `buffer`.
inline std::string_view PathKey(std::string_view path, std::string& buffer) {
  // A character takes at least as many bytes as code units.
  if (path.size() <= kMaxPathKey || !IsLongPath(path)) return path;
  buffer = LongPathKey(path);
  return buffer;
}

}  // namespace dbxes

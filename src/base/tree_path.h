// SPDX-License-Identifier: Apache-2.0
// Places in a tree, as paths with slashes: "/a/b", and "" for the root. Compared byte by byte.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbxes {

// Whether `path` is `folder` or lies beneath it.
inline bool LiesIn(std::string_view path, std::string_view folder) {
  return path.substr(0, folder.size()) == folder &&
         (folder.empty() || path.size() == folder.size() || path[folder.size()] == '/');
}

// The folder that a file or folder lies in.
inline std::string_view FolderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// The deepest folder that holds both folders.
inline std::string CommonFolder(std::string_view a, std::string_view b) {
  while (!LiesIn(b, a)) a = FolderOf(a);
  return std::string(a);
}

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
// Paths in a tree, with slashes: "/a/b", and "" for the root. Compared byte by byte.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace dbxes {

// Whether `path` is `folder` or under it.
inline bool LiesIn(std::string_view path, std::string_view folder) {
  return path.substr(0, folder.size()) == folder &&
         (folder.empty() || path.size() == folder.size() || path[folder.size()] == '/');
}

// As std::string_view::rfind, which compares byte by byte: every entry of a listing needs its
// folder and its name.
inline std::size_t FindLast(std::string_view text, char c) {
  if (text.empty()) return std::string_view::npos;
  const void* last = ::memrchr(text.data(), c, text.size());
  if (last == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(last) - text.data());
}

// As people type it: "/a/b/" is "/a/b", and "/" the root.
inline std::string WithoutFinalSlash(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  return path;
}

// The folder that contains a file or folder.
inline std::string_view FolderOf(std::string_view path) {
  const std::size_t slash = FindLast(path, '/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// Its name in that folder.
inline std::string_view NameOf(std::string_view path) {
  return path.substr(FindLast(path, '/') + 1);
}

// The deepest folder that contains both folders.
inline std::string CommonFolder(std::string_view a, std::string_view b) {
  while (!LiesIn(b, a)) a = FolderOf(a);
  return std::string(a);
}

}  // namespace dbxes

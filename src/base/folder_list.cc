// SPDX-License-Identifier: Apache-2.0
#include "base/folder_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/tree_path.h"

namespace dbxes {

std::string CommonFolder(const FolderList& folders) {
  std::string common = LowerAscii(folders.front());
  for (const std::string& folder : folders) common = CommonFolder(common, LowerAscii(folder));
  return folders.front().substr(0, common.size());
}

std::string FolderListText(const FolderList& folders) {
  std::vector<std::string_view> texts;
  for (const std::string& folder : folders) texts.push_back(FolderText(folder));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string JoinFolders(const FolderList& folders) {
  return fmt::format("{}", fmt::join(folders, "\n"));
}

FolderList SplitFolders(std::string_view text) {
  FolderList folders;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view folder = text.substr(begin, end - begin);
    folders.emplace_back(folder == "/" ? std::string_view() : folder);
    begin = end + 1;
  }
  return folders;
}

}  // namespace dbxes

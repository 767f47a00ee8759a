// SPDX-License-Identifier: Apache-2.0
// Folders of a Dropbox that are indexed together: "/a/b", or "" for its root.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dbxes {

using FolderList = std::vector<std::string>;

// The deepest folder that contains all of them, as the first one spells it. Without regard to the
// case of ASCII letters.
std::string CommonFolder(const FolderList& folders);

// A folder for people.
inline std::string_view FolderText(std::string_view folder) {
  return folder.empty() ? "/" : folder;
}
// All of them for people: "/a, /b".
std::string FolderListText(const FolderList& folders);

// In one text, each on its own line: no name in Dropbox has a line break in it. One folder is the
// text itself.
std::string JoinFolders(const FolderList& folders);
// The reverse. The root may be "/".
FolderList SplitFolders(std::string_view text);

}  // namespace dbxes

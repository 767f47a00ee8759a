// SPDX-License-Identifier: Apache-2.0
// Settings that are lists: patterns and folders. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/folder_list.h"
#include "config/option_value.h"

namespace dbxes::config {

// The items of a list as the user wrote them. A string is a list of one; in the environment, each
// item is on its own line.
std::vector<std::string> ListItems(const RawValue& value);

// The folders of a form, one a line, as dropbox.path wants them: with a slash before each, without
// blanks around; "/" if there is none.
std::string FolderLines(std::string_view text);

// What is wrong with the first pattern that is none (base/path_glob.h): "\"a//b\": …"; "" if
// nothing is.
std::string GlobProblem(const std::vector<std::string>& items);

// The first item that is no folder of Dropbox, which starts with a slash; null if there is none.
const std::string* FindNoFolder(const std::vector<std::string>& items);
// Whether one of these folders is in another or named twice, in words; "" if none is.
std::string FolderProblem(const std::vector<std::string>& items);
// Dropbox HTTP API, files/list_folder: the root is "", every other path starts with a slash and
// ends without one. Sorted: their order means nothing.
FolderList FoldersOf(const std::vector<std::string>& items);

}  // namespace dbxes::config

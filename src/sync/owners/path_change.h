// SPDX-License-Identifier: Apache-2.0
// Other folders of the Dropbox than those of the index: a full sync would delete what is outside of
// them. The change feed is not asked, so no safety stop would name the cause.
#pragma once

#include <string>
#include <string_view>

#include "base/folder_list.h"
#include "base/result.h"

namespace dbxes::sync {

// Whether a folder of the Dropbox ("" or "/" for all of it) contains the other one, which may be
// the same. Without regard to the case of ASCII letters.
bool ContainsPath(std::string_view folder, std::string_view other);

// kSafetyStop if the index holds a folder that is in none of `paths`. The message names both and
// the flag that confirms the change.
Result<void> CheckPaths(const std::string& index, const FolderList& held, const FolderList& paths);

}  // namespace dbxes::sync

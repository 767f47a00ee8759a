// SPDX-License-Identifier: Apache-2.0
// Another folder of the Dropbox than that of the index: a full sync would delete what is outside of
// it. The change feed is not asked, so no safety stop would name the cause.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dbxes::sync {

// Whether a folder of the Dropbox ("" or "/" for all of it) contains the other one, which may be
// the same. Without regard to the case of ASCII letters.
bool ContainsPath(std::string_view folder, std::string_view other);

// kSafetyStop if the index holds a folder that is not in `path`. The message names both and the
// flag that confirms the change.
Result<void> CheckPath(const std::string& index, std::string_view held, std::string_view path);

}  // namespace dbxes::sync

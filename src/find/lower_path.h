// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dbxes::find {

// A path as somebody typed it, in lower case as Dropbox's `path_lower` has it, whatever the locale
// of the process is. Bytes that are no UTF-8 stay.
std::string LowerPath(std::string_view path);

}  // namespace dbxes::find

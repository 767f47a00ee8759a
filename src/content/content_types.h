// SPDX-License-Identifier: Apache-2.0
// Which extensions are read, and as what.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "content/extract_text.h"

namespace dbxes {

using ContentTypes = std::map<std::string, TextFormat, std::less<>>;  // by extension, lower case

// Those that this process reads itself, changed as the setting extraction.extensions says.
ContentTypes ContentTypesOf(std::string_view setting);

}  // namespace dbxes

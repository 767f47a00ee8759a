// SPDX-License-Identifier: Apache-2.0
// Which extensions are read, and as what.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "config/config.h"
#include "content/extract_text.h"

namespace dbxes::content {

using ContentTypes = std::map<std::string, TextFormat, std::less<>>;  // by extension, lower case

// Those that the mode can read, changed as the setting extraction.extensions says. Where this
// tool does not read them itself, all are kOpaque.
ContentTypes ContentTypesOf(config::ExtractionMode mode, std::string_view setting);

}  // namespace dbxes::content

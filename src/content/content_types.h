// SPDX-License-Identifier: Apache-2.0
// The extensions that are read, and the format of each.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "config/config.h"
#include "content/extract_text.h"

namespace dbxes::content {

using ContentTypes = std::map<std::string, TextFormat, std::less<>>;  // by extension, lower case

// "" is that of names without an extension, for which the setting has a dot. The extensions that
// the mode can read, changed by the setting extraction.extensions. All are kOpaque if dbx-es does
// not read them itself. `reads_pictures`: the setting extraction.ocr, of the mode local.
ContentTypes ContentTypesOf(config::ExtractionMode mode, std::string_view setting,
                            bool reads_pictures = false);

}  // namespace dbxes::content

// SPDX-License-Identifier: Apache-2.0
// Title, author and language as the Dublin Core elements of an office document name them.
#pragma once

#include <string>
#include <string_view>

#include "parsers/archive.h"
#include "parsers/parsed_document.h"

namespace dbxes::parsers {

// From docProps/core.xml, meta.xml or an EPUB's package. What cannot be read is left out: the text
// is worth having without it.
DocumentProperties ReadProperties(Archive& archive, const std::string& entry);

// White space reduced, and no longer than a title is.
std::string CleanProperty(std::string_view value);

}  // namespace dbxes::parsers

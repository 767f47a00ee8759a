// SPDX-License-Identifier: Apache-2.0
// Title, author and language from the Dublin Core elements of an office document.
#pragma once

#include <string>
#include <string_view>

#include "parsers/archive.h"
#include "parsers/parsed_document.h"

namespace dbxes::parsers {

// From docProps/core.xml, meta.xml or an EPUB's package. Properties that cannot be read stay empty:
// the text is useful without them.
DocumentProperties ReadProperties(Archive& archive, const std::string& entry);

// The value with white space reduced and cut to the longest title.
std::string CleanProperty(std::string_view value);

}  // namespace dbxes::parsers

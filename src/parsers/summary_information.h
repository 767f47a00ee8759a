// SPDX-License-Identifier: Apache-2.0
// Title and author of a document in a compound file ([MS-OLEPS], the property set
// SummaryInformation).
#pragma once

#include "parsers/compound_file.h"
#include "parsers/parsed_document.h"

namespace dbxes::parsers {

// Properties that cannot be read stay empty: the text is useful without them.
DocumentProperties ReadSummaryInformation(const CompoundFile& file);

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// OpenDocument texts, spreadsheets, presentations and drawings (OASIS OpenDocument 1.3).
#pragma once

#include "parsers/archive.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

Parsed<DocumentProperties> ParseOpenDocument(Archive& archive, TextSink& sink);

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// OpenDocument texts, spreadsheets, presentations and drawings (OASIS OpenDocument 1.3).
#pragma once

#include <memory>

#include "parsers/archive.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

Parsed<DocumentProperties> ParseOpenDocument(Archive& archive, TextSink& sink);

// Reads the content of a document, to be fed with its elements: for one without an archive. `sink`
// must outlive it.
std::unique_ptr<XmlHandler> OpenDocumentContent(TextSink& sink);

}  // namespace dbxes::parsers

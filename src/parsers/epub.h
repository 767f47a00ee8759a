// SPDX-License-Identifier: Apache-2.0
// EPUB books: the text of the chapters in the order of the package's spine (W3C: EPUB 3.3).
#pragma once

#include "parsers/archive.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {

Parsed<DocumentProperties> ParseEpub(Archive& archive, TextSink& sink);

}  // namespace dbxes::parsers

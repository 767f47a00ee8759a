// SPDX-License-Identifier: Apache-2.0
// An answer without success of Elasticsearch, OpenSearch or a proxy in front of them as an error:
// its kind (see meaning.h) and one sentence for a person. No I/O.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace dbxes::elastic {

// Reads the body of an answer with this status: an error object of Elasticsearch, plain text, a
// proxy's HTML page, or nothing. `tag` becomes the error type.
Error ReadElasticError(int status, std::string_view body);

// The same for an error whose type and reason are known already, as in an item of a bulk answer.
// `index`: the index that it is about, if the reason does not name it.
Error MakeElasticError(int status, std::string_view type, std::string_view reason,
                       std::string_view index = {});

// The same for an error without a status, as in a document of a multi-get, whose answer is a 200:
// the type decides what it means.
Error MakeDocumentError(std::string_view type, std::string_view reason, std::string_view index);

// `text` as one line for a report: no control characters, at most about 500 bytes, and never cut
// within a character.
std::string OneLine(std::string_view text);

}  // namespace dbxes::elastic

// SPDX-License-Identifier: Apache-2.0
// One action as the two lines (one for a delete) of the bulk API's NDJSON. No I/O.
//
// kCreate is not the API's `create`, but an `index` with the external version 1. It fails like
// `create` if the document exists, whose version is at least 1. It fails as well if the document
// was deleted a short time ago (`index.gc_deletes`): so an attempt that a proxy held back, and that
// arrives after the document was written by another attempt and deleted, does not bring it back.
// `create` would. (Elasticsearch: Index API, external versioning; index.gc_deletes.)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "elastic/bulk_action.h"

namespace dbxes::elastic {

// Appends the action line and the source line. The request's path names the index, so lines do not.
// The source is not changed: it must be one JSON object without a line break.
void AppendNdjson(const BulkAction& action, std::string& out);
// The action line that creates a document although one with this id was deleted a short time ago,
// which left the version `deleted`. It takes effect on that deletion alone, so that an attempt that
// a proxy held back cannot bring the document back once it was deleted again. 0: the version is not
// known; then it is a plain `create`. Only for an id that the index was asked for since.
std::string RecreationLine(std::string_view id, std::uint64_t deleted);
// Upper bound of what AppendNdjson adds.
std::size_t NdjsonSize(const BulkAction& action);

}  // namespace dbxes::elastic

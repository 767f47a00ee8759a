// SPDX-License-Identifier: Apache-2.0
// One action as the two lines (one for a delete) of the bulk API's NDJSON. No I/O.
#pragma once

#include <string>
#include <string_view>

#include "elastic/bulk_action.h"

namespace dbxes::elastic {

// Appends the action line and the source line. The request's path names the index, so lines do not.
// The source is not changed: it must be one JSON object without a line break.
void AppendNdjson(const BulkAction& action, std::string& out);
// Upper bound of what AppendNdjson adds.
std::size_t NdjsonSize(const BulkAction& action);

}  // namespace dbxes::elastic

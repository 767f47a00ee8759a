// SPDX-License-Identifier: Apache-2.0
// The highest number that any writer has given a document of the index.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::elastic {

// At least the highest sync_seq among the documents that a search sees, and at most 2 more; 0
// without any. Numbers that no clock gives within centuries (2^53 and more) count as the last one
// below, so that there is room above. (Elasticsearch: max aggregation, whose value is a double.)
Result<std::int64_t> LastSequence(Client& client, const std::string& index);

}  // namespace dbxes::elastic

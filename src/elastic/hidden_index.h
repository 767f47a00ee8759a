// SPDX-License-Identifier: Apache-2.0
// Indices that are no search results but keep what programs remember: the state in the cluster,
// connectors and their jobs.
#pragma once

#include <string>
#include <string_view>

#include "base/http/http.h"
#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::elastic {

// Makes the index at `target`, the percent-encoded path (Elasticsearch: Create index API), with one
// shard, so that all writes go to one place, in order, and with a replica where there is a second
// node. `members`: mappings and aliases, JSON members without braces. A cluster that chooses
// shards and replicas itself gets them alone. IsExistingIndex (meaning.h) if there is one already.
Result<HttpResponse> CreateHiddenIndex(Client& client, const std::string& target,
                                       std::string_view members, std::string_view what);

}  // namespace dbxes::elastic

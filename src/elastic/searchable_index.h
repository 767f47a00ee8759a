// SPDX-License-Identifier: Apache-2.0
// An index that can be read from end to end: where it is, and the field that its hits are sorted
// by.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "elastic/client.h"
#include "elastic/search.h"

namespace dbxes::elastic {

struct SearchableIndex {
  Client& client;
  std::string name;      // index or alias
  std::string id_field;  // IndexTarget::id_field
};

// Calls `visit` with every page of hits of the query clause, until there are none or it fails.
Result<void> ForEachPageOfHits(const SearchableIndex& index, const std::string& query,
                               SearchOptions options,
                               const std::function<Result<void>(const std::vector<Hit>&)>& visit);

}  // namespace dbxes::elastic

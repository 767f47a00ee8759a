// SPDX-License-Identifier: Apache-2.0
#include "elastic/searchable_index.h"

namespace dbxes::elastic {

Result<void> ForEachPageOfHits(const SearchableIndex& index, const std::string& query,
                               SearchOptions options,
                               const std::function<Result<void>(const std::vector<Hit>&)>& visit) {
  HitReader reader(index.client, index.name, index.id_field, query, options);
  for (;;) {
    TRY_ASSIGN(auto page, reader.Next());
    if (page.hits.empty()) return {};
    TRY(visit(page.hits));
  }
}

}  // namespace dbxes::elastic

// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/late_writes.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "elastic/search.h"
#include "elastic/searchable_index.h"
#include "sync/runs/failed_documents.h"

namespace dbxes::sync {

Result<bool> FindLateWrites(Ledger& ledger, Target& target, std::size_t most) {
  checkpoint::LateWrites& late = ledger.checkpoint().late_writes;
  if (!late.Are() || ledger.has_taken_over() || !ledger.keeps() || target.lookup() == nullptr) {
    return false;
  }
  // What failed earlier is tried again by this run anyway; Dropbox is not asked twice.
  checkpoint::FailuresFile& failures = ledger.failures();
  std::set<std::string, std::less<>> retried;
  for (const checkpoint::FailureRecord& record : failures.earlier()) {
    if (!IsReceived(record.failure)) retried.insert(record.failure.id);
  }
  TRY(elastic::Refresh(target.client(), target.index()));
  const std::string query =
      fmt::format(R"({{"range":{{"sync_seq":{{"gt":{},"lte":{}}}}}}})", late.after, late.last);
  elastic::SearchOptions options;
  options.path_lower = true;
  std::size_t found = 0;
  // Where a later run continues. Hits come in the order of their numbers, but see HitReader.
  std::optional<std::int64_t> rest;
  const bool in_order = !target.id_field().empty();
  const auto note = [&](const std::vector<elastic::Hit>& hits) -> Result<void> {
    for (const elastic::Hit& hit : hits) {
      // Received files have no path; the list of them decides, whatever it was before.
      if (hit.path_lower.empty()) ledger.checkpoint().received.Forget();
      if (rest || hit.path_lower.empty()) continue;
      if (retried.contains(hit.id)) {
        failures.Touch(hit.id, hit.path_lower);
      } else if (in_order && found >= most) {
        rest = hit.Number();
      } else {
        ++found;
        failures.AddConflict({std::string(hit.id), std::string(hit.path_lower), "index", 0,
                              "a run that was killed may have written it late"});
      }
    }
    return {};
  };
  TRY(elastic::ForEachPageOfHits(target.Searchable(), query, options, note));
  late = rest ? checkpoint::LateWrites{*rest - 1, late.last} : checkpoint::LateWrites{};
  return found > 0;
}

}  // namespace dbxes::sync

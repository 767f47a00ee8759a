// SPDX-License-Identifier: Apache-2.0
// How many documents runs have left in the index. A document that somebody else deletes shows
// neither in the change feed nor in the identity of the index: the number of documents does.
#pragma once

#include <cstdint>
#include <optional>

#include "elastic/action_sink.h"
#include "sync/outlet/outlet.h"
#include "sync/owners/ledger.h"
#include "sync/owners/target.h"

namespace dbxes::sync {

// What a run makes of the number that the last one left. The owners have to live as long.
class DocumentCount {
 public:
  // At the beginning of a run, before it writes.
  DocumentCount(Ledger& ledger, const Outlet& outlet);

  // At the end of a run that deletes and creates single documents: notes the new number, and
  // compares it with the index once an hour, which takes one or two small requests. kIndexReplaced:
  // somebody else has deleted or added documents.
  Result<void> Check(Target& target);
  // The same without comparing.
  Result<void> Note();
  // At the end of a run that compared everything: counts. The caller saves.
  static Result<void> Take(Target& target, Ledger& ledger);

 private:
  Result<void> Compare(Target& target);

  Ledger& ledger_;
  const Outlet& outlet_;
  std::optional<std::uint64_t> before_;
  elastic::BulkCounters written_before_;
};

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"
#include "elastic/action_sink.h"

namespace dbxes::elastic {

DryRunSink::DryRunSink(std::function<void(const BulkAction&)> on_action)
    : on_action_(std::move(on_action)) {}

Result<void> DryRunSink::Add(const BulkAction& action) {
  const std::uint64_t id = Hash64(action.id);
  switch (action.kind) {
    case BulkAction::kCreate:
      ++counters_.created;
      written_.Insert(id);
      break;
    case BulkAction::kIndex:
    case BulkAction::kUpdate:
      if (!action.counts) return {};
      ++counters_.updated;
      written_.Insert(id);
      break;
    case BulkAction::kDelete:
      if (written_.Contains(id)) return {};
      ++counters_.deleted;
      break;
  }
  on_action_(action);
  return {};
}

}  // namespace dbxes::elastic

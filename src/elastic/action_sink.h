// SPDX-License-Identifier: Apache-2.0
// Where actions go: to a cluster (bulk_writer.h), to a file (ndjson_file.h), or nowhere but into
// the counts of a dry run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "base/id_set.h"
#include "base/result.h"
#include "elastic/bulk_action.h"

namespace dbxes::elastic {

struct BulkCounters {
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t deleted = 0;  // that were there
  std::uint64_t rejected = 0;
};

class ActionSink {
 public:
  virtual ~ActionSink() = default;
  // Takes one action; may wait for room. Actions on one id take effect in order.
  virtual Result<void> Add(const BulkAction& action) = 0;
  // Remembers a growing token at this place: released, in order, once every action before it took
  // effect or was reported as rejected.
  virtual void Mark(std::uint64_t token) = 0;
  // The latest mark released since the last call. Does not wait.
  virtual std::optional<std::uint64_t> TakeReleasedMark() = 0;
  // Sends off what is held back until there is more of it; does not wait for it to take effect.
  virtual Result<void> Flush() { return {}; }
  // Waits until every action took effect or was reported.
  virtual Result<void> Drain() = 0;
  // Bytes of actions that are held until they take effect.
  virtual std::size_t BufferedBytes() const { return 0; }
  virtual const BulkCounters& counters() const = 0;
};

// Counts what would be written, and tells each action to `on_action`.
class DryRunSink final : public ActionSink {
 public:
  explicit DryRunSink(std::function<void(const BulkAction&)> on_action);
  Result<void> Add(const BulkAction& action) override;
  void Mark(std::uint64_t token) override { mark_ = token; }
  std::optional<std::uint64_t> TakeReleasedMark() override { return std::exchange(mark_, {}); }
  Result<void> Drain() override { return {}; }
  const BulkCounters& counters() const override { return counters_; }

 private:
  std::function<void(const BulkAction&)> on_action_;
  // What would have been written stands elsewhere in the index by the time deletions are applied;
  // here it still stands at its old place, so a deletion of it is not counted.
  IdSet written_;
  BulkCounters counters_;
  std::optional<std::uint64_t> mark_;
};

}  // namespace dbxes::elastic

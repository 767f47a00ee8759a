// SPDX-License-Identifier: Apache-2.0
// Where actions go: to a cluster (bulk_writer.h), to a file (ndjson_file.h), or only into the
// counts of a dry run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "base/id_set.h"
#include "base/result.h"
#include "elastic/bulk_action.h"

namespace dbxes::elastic {

struct BulkCounters {
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;  // updates that had nothing to change
  std::uint64_t deleted = 0;    // documents that existed
  std::uint64_t absent = 0;     // to be deleted, but not there, perhaps by an attempt of ours
  std::uint64_t dropped = 0;    // by an ingest pipeline: not in the index
  std::uint64_t rejected = 0;
  // Creations and deletions among the rejected and the conflicts that an earlier attempt, whose
  // answer was lost, may have carried out.
  std::uint64_t uncertain = 0;
};

class ActionSink {
 public:
  virtual ~ActionSink() = default;
  // Accepts one action; may wait for room. Actions on one id take effect in order.
  virtual Result<void> Add(const BulkAction& action) = 0;
  // Sets a mark at this point of the stream; tokens grow. The mark is released, in order, once
  // every action before it took effect or was reported as rejected.
  virtual void Mark(std::uint64_t token) = 0;
  // The latest mark released since the last call. Does not wait.
  virtual std::optional<std::uint64_t> TakeReleasedMark() = 0;
  // Waits until no action on this id is on its way, so that a lookup shows what became of them.
  virtual Result<void> AwaitId(std::string_view id) {
    static_cast<void>(id);
    return {};
  }
  // Sends actions that are held back to fill a request; does not wait until they take effect.
  virtual Result<void> Flush() { return {}; }
  // Waits until every action took effect or was reported.
  virtual Result<void> Drain() = 0;
  // Drops what has not taken effect, with its marks, and the error that stopped the sink: the run
  // writes everything anew.
  virtual void StartOver() {}
  // Bytes of actions that are held until they take effect.
  virtual std::size_t BufferedBytes() const { return 0; }
  virtual const BulkCounters& counters() const = 0;
};

// Counts the actions that a run would write, and calls `on_action` with each.
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
  // A real run has moved these documents before it applies deletions. In a dry run the index still
  // has them at their old path, so their deletion is not counted.
  IdSet written_;
  BulkCounters counters_;
  std::optional<std::uint64_t> mark_;
};

}  // namespace dbxes::elastic

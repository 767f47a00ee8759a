// SPDX-License-Identifier: Apache-2.0
// Writes documents through the bulk API: batches, a few requests in flight, retries per item, and
// marks that show how far everything is acknowledged. Nothing is lost silently: an action ends as
// acknowledged, as a rejected document that was reported, or in an error that stops the writer.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/http/request_sender.h"
#include "base/result.h"
#include "elastic/action_sink.h"
#include "elastic/bulk_action.h"
#include "elastic/bulk_batch.h"
#include "elastic/bulk_flight.h"
#include "elastic/client.h"
#include "report/change.h"
#include "report/failed_document.h"

namespace dbxes::elastic {

struct BulkSettings {
  std::string index;                 // index or alias
  std::string pipeline;              // "" for none
  std::size_t max_bytes = 5u << 20;  // of one request, before compression
  std::size_t max_actions = 2000;
  int max_concurrency = 2;
  // Documents that are temporarily refused stop the run after this long without any progress.
  Milliseconds give_up_after{900'000};
  std::uint64_t seed = 0;  // of the jitter

  static BulkSettings From(const config::Config& config, std::uint64_t seed);
};

class BulkWriter final : public ActionSink {
 public:
  // `on_rejected` is called once for each rejected document, from within Add, Flush, Drain or
  // TakeReleasedMark, and before a later mark is released. `on_conflict` in the same way for each
  // document that somebody else has changed since it was read, or created since it was found
  // absent: nothing was written, and it has to be decided on again. Without it, those are rejected.
  // `on_change` in the same way with the change of each action that took effect.
  BulkWriter(Client& client, BulkSettings settings,
             std::function<void(report::FailedDocument)> on_rejected,
             std::function<void(report::FailedDocument)> on_conflict = {},
             std::function<void(const report::Change&)> on_change = {});
  BulkWriter(const BulkWriter&) = delete;
  BulkWriter& operator=(const BulkWriter&) = delete;

  // Accepts one action; waits (running the event loop) while too much is in flight, or while an
  // earlier action on the same id is not acknowledged: actions on one id reach the index in order.
  // A document larger than `max_bytes` is sent in a separate request. After an error other than
  // kInterrupted, every later call returns the same error.
  Result<void> Add(const BulkAction& action) override;

  // See ActionSink. A mark while nothing is in flight sends the open batch.
  void Mark(std::uint64_t token) override;
  // The latest mark released since the last call. Handles answers that have arrived, but does not
  // wait.
  std::optional<std::uint64_t> TakeReleasedMark() override;

  Result<void> AwaitId(std::string_view id) override { return AwaitHash(Hash64(id)); }
  // Sends the open batch without waiting for the answer; waits only until another request may be in
  // flight.
  Result<void> Flush() override;
  // Sends the open batch and waits until everything is acknowledged or reported.
  Result<void> Drain() override;

  void StartOver() override;

  const BulkCounters& counters() const override { return route_.counters; }
  std::size_t InFlight() const { return flights_.size(); }
  // Bytes of encoded actions that are held, for the memory bound: at most
  // (max_concurrency + 1) * max_bytes, plus what retries of a part copy.
  std::size_t BufferedBytes() const override;

 private:
  struct PendingMark {
    std::uint64_t token;
    std::uint64_t batch;  // the last batch that it waits for
  };

  // Sends the open batch once there is room in flight.
  Result<void> Launch();
  void LaunchNow();
  // Waits until no action on this id is buffered or in flight.
  Result<void> AwaitHash(std::uint64_t id_hash);
  void Pump();
  template <class Condition>
  Result<void> WaitUntil(Condition condition);
  const BulkFlight* FlightWith(std::uint64_t id_hash) const;
  bool IsFull(const BulkAction& next) const;
  void ReleaseMarks();

  EventLoop& loop_;
  std::size_t max_bytes_;
  std::size_t max_actions_;
  std::size_t max_concurrency_;
  BulkRoute route_;
  BulkBatch open_;
  std::uint64_t open_number_ = 1;                     // of the batch that is being filled
  std::vector<std::unique_ptr<BulkFlight>> flights_;  // oldest first
  std::vector<BulkBatch> spare_;                      // settled batches, kept for their memory
  std::deque<PendingMark> marks_;
  std::optional<std::uint64_t> released_;
  std::optional<Error> failure_;
};

}  // namespace dbxes::elastic

// SPDX-License-Identifier: Apache-2.0
// State in the cluster that has the index: for machines without a folder that lasts, and for
// several machines of which any may run next. A run without changes costs three requests: it
// reads the state, takes it, and gives it back with what it has learned.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/http/event_loop.h"
#include "checkpoint/state_place.h"
#include "config/config.h"
#include "elastic/client.h"
#include "state/cluster_files.h"
#include "state/lease.h"
#include "state/state_index.h"

namespace dbxes::state {

class ClusterPlace final : public checkpoint::StatePlace {
 public:
  using OnRetry = std::function<void(const Error&, Milliseconds)>;
  // `host_name`: of this machine, for people. `seed`: of the jitter of retries.
  ClusterPlace(EventLoop& loop, const config::Config& config, std::string host_name,
               std::uint64_t seed, const OnRetry& on_retry);

  DurableFiles& files() override { return files_; }
  const std::string& base() const override { return base_; }
  Result<void> Open() override { return lease_.Read(); }
  // kLocked names host, process and start of the holder. If it was killed, this waits for its
  // lease.
  Result<void> Take(int pid) override;
  Result<void> Flush() override;
  Result<void> GiveBack() override;
  bool HasTakenOver() const override { return lease_.after_dead(); }
  void NoteTakenOver() override { lease_.Change().after_kill = false; }
  bool IsHeld() const override { return lease_.is_held(); }
  void WhenHeld(std::function<void(Result<void>)> done) override {
    lease_.WhenHeld(std::move(done));
  }
  Result<std::optional<std::string>> HeldBy() override;
  // Nobody knows whether a holder has ended: it may live on another machine.
  std::string LastHolder() override { return ""; }
  SenderCounters counters() const override { return client_.counters(); }

 private:
  std::string host_name_;
  elastic::Client client_;
  StateIndex index_;
  Lease lease_;
  std::string base_;
  ClusterFiles files_;
};

}  // namespace dbxes::state

// SPDX-License-Identifier: Apache-2.0
#include "state/cluster_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dbxes::state {
namespace {

// Ids of dead chunks that the state document may name.
constexpr std::size_t kMostGarbage = 1000;

// Requests of the state do not wait behind those of documents, and a request that hangs must not
// cost the lease.
config::ElasticsearchConfig Patient(config::ElasticsearchConfig config, Milliseconds lease) {
  config.request_timeout = std::min(config.request_timeout, lease / 2);
  return config;
}

}  // namespace

ClusterPlace::ClusterPlace(EventLoop& loop, const config::Config& config, std::string host_name,
                           std::uint64_t seed, const OnRetry& on_retry)
    : host_name_(std::move(host_name)),
      client_(loop, Patient(config.elasticsearch, config.sync.lease), config.sync, seed, on_retry),
      index_(client_, config.elasticsearch.index),
      lease_(loop, index_, config.sync.lease, on_retry),
      base_(index_.name() + "/state"),
      files_(index_, lease_, base_) {}

Result<void> ClusterPlace::Take(int pid) {
  TRY(lease_.Take(host_name_, pid));
  return lease_.after_dead() ? files_.FindOrphans() : Result<void>();
}

Result<void> ClusterPlace::Flush() {
  TRY(lease_.Flush());
  // Each write repeats the ids. What fails here is deleted later.
  if (lease_.document().garbage.size() > kMostGarbage) (void)files_.DeleteGarbage();
  return {};
}

Result<void> ClusterPlace::GiveBack() {
  // Chunks go once the state document does not name them any more. What fails here stays garbage
  // that the next run deletes, and must not keep this run from giving the state back.
  if (lease_.is_held() && !lease_.document().garbage.empty() && lease_.Flush()) {
    (void)files_.DeleteGarbage();
  }
  return lease_.GiveBack();
}

Result<std::optional<std::string>> ClusterPlace::HeldBy() {
  const Holder& holder = lease_.document().holder;
  if (holder.IsNobody()) return std::optional<std::string>();
  return fmt::format("{}, last sign of life {}", holder.Describe(), holder.seen);
}

}  // namespace dbxes::state

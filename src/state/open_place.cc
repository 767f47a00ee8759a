// SPDX-License-Identifier: Apache-2.0
#include "state/open_place.h"

#include "base/random.h"
#include "checkpoint/folder_place.h"
#include "state/cluster_place.h"

namespace dbxes::state {

std::unique_ptr<checkpoint::StatePlace> OpenPlace(
    Environment& environment, EventLoop& loop, const config::Config& config, config::StateKind kind,
    const std::function<void(const Error&, Milliseconds)>& on_retry) {
  if (kind == config::StateKind::kCluster) {
    return std::make_unique<ClusterPlace>(loop, config, environment.host_name,
                                          SeedOf(environment.seed, "state"), on_retry);
  }
  return std::make_unique<checkpoint::FolderPlace>(
      environment.files, environment.probe, environment.clock, config.state_dir,
      checkpoint::TargetFileName(config.elasticsearch.host, config.elasticsearch.index));
}

}  // namespace dbxes::state

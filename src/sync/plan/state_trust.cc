// SPDX-License-Identifier: Apache-2.0
#include "sync/plan/state_trust.h"

#include "checkpoint/folder_place.h"

namespace dbxes::sync {

std::string StateChangeableBecause(const FileProbe& probe, const config::Config& config) {
  if (std::string why = probe.fillable_by_anybody(config.state_dir); !why.empty()) return why;
  const std::string base =
      config.state_dir + "/" +
      checkpoint::TargetFileName(config.elasticsearch.host, config.elasticsearch.index);
  for (const char* ending : {".json", ".pending", ".failures.ndjson", ".seen", ".id"}) {
    std::string why = probe.changeable_by_anybody(base + ending);
    if (!why.empty()) return why;
  }
  return "";
}

Result<void> TrustStateFolder(const FileProbe& probe, const config::Config& config) {
  const std::string why = StateChangeableBecause(probe, config);
  if (why.empty()) return {};
  return Fail(ErrorKind::kConfig,
              "other users can change the state, and so make a run delete documents: " + why);
}

}  // namespace dbxes::sync

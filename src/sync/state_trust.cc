// SPDX-License-Identifier: Apache-2.0
#include "sync/state_trust.h"

#include "checkpoint/folder_place.h"

namespace dbxes::sync {

std::string StateChangeableBecause(const FileProbe& probe, const config::Config& config) {
  const std::string base =
      config.state_dir + "/" +
      checkpoint::TargetFileName(config.elasticsearch.host, config.elasticsearch.index);
  for (const char* ending : {".json", ".pending", ".failures.ndjson", ".seen", ".id"}) {
    std::string why = probe.changeable_by_anybody(base + ending);
    if (!why.empty()) return why;
  }
  return "";
}

}  // namespace dbxes::sync

// SPDX-License-Identifier: Apache-2.0
#include "cli/state_session.h"

#include "report/retries.h"
#include "state/open_place.h"

namespace dbxes::cli {

Result<void> NeedTarget(const config::Config& config) {
  if (!config.elasticsearch.host.empty()) return {};
  return Fail(
      ErrorKind::kConfig,
      "no target: elasticsearch.host is not set; name the configuration file with --config");
}

StateSession::StateSession(const config::Config& config, report::Reporter& reporter)
    : environment_(config.report.trace, reporter),
      loop_((*environment_).http, (*environment_).clock, (*environment_).stop_signal),
      place_(state::OpenPlace(*environment_, loop_, config, config.sync.state,
                              report::RetriesAsDetails(reporter))) {}

}  // namespace dbxes::cli

// SPDX-License-Identifier: Apache-2.0
// Runs the syncs that Kibana asks for: its button "Sync now", the Connector API and schedules.
#pragma once

#include "base/environment.h"
#include "config/config.h"
#include "report/reporter.h"
#include "sync/command/run.h"

namespace dbxes::sync {

// Checks in, and runs the next job of the connector that waits or is due, if there is one. One for
// each call: as each run of dbx-es, it reads the configuration and logs in once. The summary of the
// run; without a run, that of looking, with the command "connector". Another run of the target is
// no failure: the job waits for it. Does not print the summary.
report::RunSummary RunKibanaJob(Environment& environment, const config::Config& config,
                                report::Reporter& reporter,
                                const ParserFactory& make_parser = MakeParserPool);

}  // namespace dbxes::sync

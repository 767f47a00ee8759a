// SPDX-License-Identifier: Apache-2.0
// How the mode local reads files on this system: the settings of a run's parser processes, and
// which files they may read.
#pragma once

#include "base/environment.h"
#include "config/config.h"
#include "content/content_plan.h"
#include "parsers/parser_pool.h"
#include "report/reporter.h"

namespace dbxes::sync {

// Which programs are installed and may run: one that a file controls could read secrets where it is
// not confined. Pictures are read where the configuration wants them to be.
content::InstalledReaders ReadersFor(const Environment& environment,
                                     const config::ExtractionConfig& config);

// Warns of what this system lacks to confine the processes. `reporter` outlives the pool.
parsers::ParserSettings ParserSettingsFor(const Environment& environment,
                                          const config::ExtractionConfig& config,
                                          report::Reporter& reporter);

}  // namespace dbxes::sync

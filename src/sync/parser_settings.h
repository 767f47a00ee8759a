// SPDX-License-Identifier: Apache-2.0
// How the mode local reads files on this system: the settings of a run's parser processes, and
// whether they may read PDFs.
#pragma once

#include "base/environment.h"
#include "config/config.h"
#include "parsers/parser_pool.h"
#include "report/reporter.h"

namespace dbxes::sync {

// Whether a program for PDFs is installed and may run: a program that a PDF controls could read
// secrets where it is not confined.
bool ReadsPdf(const Environment& environment, const config::ExtractionConfig& config);

// Warns of what this system lacks to confine the processes. `reporter` outlives the pool.
parsers::ParserSettings ParserSettingsFor(const Environment& environment,
                                          const config::ExtractionConfig& config,
                                          report::Reporter& reporter);

}  // namespace dbxes::sync

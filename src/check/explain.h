// SPDX-License-Identifier: Apache-2.0
// Why somebody sees a document or does not: the identity and the list of readers in the index, and
// what Dropbox reports of the same document now. Reads only, and needs no state.
#pragma once

#include "base/environment.h"
#include "config/config.h"
#include "report/reporter.h"

namespace dbxes::check {

// Explains in RunSummary::answer why Config::arguments[0] sees the document arguments[1] or not.
report::RunSummary RunExplanation(Environment& environment, const config::Config& config,
                                  report::Reporter& reporter);

}  // namespace dbxes::check

// SPDX-License-Identifier: Apache-2.0
// Why a user can or cannot see a document: the identity and the list of readers in the index, and
// what Dropbox reports about the document now. Reads only, and needs no state.
#pragma once

#include <string>

#include "base/environment.h"
#include "config/config.h"
#include "report/reporter.h"

namespace dbxes::check {

struct ExplainQuestion {
  std::string user;      // an e-mail address or an account id
  std::string document;  // a path in Dropbox or a document id
};

// The explanation is RunSummary::answer, one sentence an entry.
report::RunSummary RunExplanation(Environment& environment, const config::Config& config,
                                  const ExplainQuestion& question, report::Reporter& reporter);

}  // namespace dbxes::check

// SPDX-License-Identifier: Apache-2.0
// The command auth: obtains a refresh token, checks the one in use, and revokes it.
#pragma once

#include "base/environment.h"
#include "config/config.h"
#include "report/reporter.h"

namespace dbxes::auth {

// Config::arguments names the action: none to authorize, "status" or "revoke".
report::RunSummary RunAuth(Environment& environment, const config::Config& config,
                           report::Reporter& reporter);

}  // namespace dbxes::auth

// SPDX-License-Identifier: Apache-2.0
// The command check: tests everything that a run needs, continues after a problem, and changes
// nothing.
#pragma once

#include "base/environment.h"
#include "check/check_report.h"
#include "config/config_loader.h"
#include "report/reporter.h"

namespace dbxes::check {

// `loaded` may have problems: tests that depend on a wrong setting are left out. Waits are reported
// as details.
CheckReport RunCheck(Environment& environment, const config::LoadedConfig& loaded,
                     report::Reporter& reporter);

}  // namespace dbxes::check

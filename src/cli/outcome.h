// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/exit_code.h"
#include "base/result.h"
#include "report/reporter.h"

namespace dbxes::cli {

// Reports the summary of a command that counts nothing, and returns its exit code.
ExitCode ReportOutcome(std::string_view command, const Result<void>& outcome,
                       report::Reporter& reporter);

}  // namespace dbxes::cli

// SPDX-License-Identifier: Apache-2.0
// The output of check.
#pragma once

#include <string>
#include <vector>

#include "check/check_report.h"

namespace dbxes::cli {

// Lines of less than 80 columns where words allow it; the last one has totals. With `quiet`, only
// warnings and problems.
std::vector<std::string> CheckLines(const check::CheckReport& report, bool quiet);
// One JSON object on one line.
std::string CheckJson(const check::CheckReport& report);

}  // namespace dbxes::cli

// SPDX-License-Identifier: Apache-2.0
// What check prints.
#pragma once

#include <string>
#include <vector>

#include "check/check_report.h"

namespace dbxes::cli {

// Lines of less than 80 columns where words allow it; the last one counts. With `quiet`, only what
// is not right.
std::vector<std::string> CheckLines(const check::CheckReport& report, bool quiet);
// One JSON object on one line.
std::string CheckJson(const check::CheckReport& report);

}  // namespace dbxes::cli

// SPDX-License-Identifier: Apache-2.0
// The status of several targets: one line each, or one JSON object of all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/exit_code.h"
#include "check/status.h"

namespace dbxes::check {

struct NamedStatus {
  std::string name;  // of the configuration file
  SyncStatus status;
};

// A table, and what is to be done about each target that is not as it should be.
std::vector<std::string> StatusTable(const std::vector<NamedStatus>& all);
// `folder`: of the configuration files.
std::string StatusTableJson(std::string_view folder, const std::vector<NamedStatus>& all);
// A wrong configuration or state is worse than an index that another state keeps.
ExitCode WorstCode(const std::vector<NamedStatus>& all);

}  // namespace dbxes::check

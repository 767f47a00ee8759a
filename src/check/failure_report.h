// SPDX-License-Identifier: Apache-2.0
// The output of failures list.
#pragma once

#include <string>
#include <vector>

#include "checkpoint/failure_list.h"

namespace dbxes::check {

// Two lines for each document: what failed and why, and when it is tried again.
std::vector<std::string> FailureLines(const std::vector<checkpoint::FailureRecord>& records);
// One JSON object on one line.
std::string FailuresJson(const std::string& path,
                         const std::vector<checkpoint::FailureRecord>& records);

}  // namespace dbxes::check

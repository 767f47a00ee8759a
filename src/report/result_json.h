// SPDX-License-Identifier: Apache-2.0
// What the JSON object of every command begins with.
#pragma once

#include <string_view>

#include "base/exit_code.h"
#include "base/json/json_write.h"

namespace dbxes::report {

// Starts the object: command, outcome, exit_code and message. The caller ends it.
void StartResult(JsonWriter& writer, std::string_view command, ExitCode code,
                 std::string_view message);

}  // namespace dbxes::report

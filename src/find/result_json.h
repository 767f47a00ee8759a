// SPDX-License-Identifier: Apache-2.0
// The parts that the JSON objects of these commands have in common.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/exit_code.h"
#include "base/json/json.h"

namespace dbxes::find {

// Starts the object: command, outcome, exit_code and message. The caller ends it.
void StartResult(JsonWriter& writer, std::string_view command, ExitCode code,
                 std::string_view message);
void WriteText(JsonWriter& writer, std::string_view key, std::string_view text);
void WriteNumber(JsonWriter& writer, std::string_view key, std::uint64_t number);

}  // namespace dbxes::find

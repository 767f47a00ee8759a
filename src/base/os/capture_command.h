// SPDX-License-Identifier: Apache-2.0
// Runs a program and returns its output: for secrets that another program keeps.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace dbxes {

// Standard output of the program `words[0]`, found in $PATH, with the arguments after it. Its
// standard input is empty; its standard error and its environment are ours, without the variables
// DBX_ES_..., which may be secrets. kConfig if it cannot be run, fails, prints more than 64 KiB, or
// runs longer than `patience`, which ends it. The message contains the program's name and exit
// status, never its output.
Result<std::string> CaptureCommand(const std::vector<std::string>& words, Milliseconds patience);

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
// Runs a program and takes what it prints: for secrets that another program keeps.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace dbxes {

// Standard output of the program `words[0]` with the arguments after it, found in $PATH. Nothing is
// on its standard input; what it says on standard error goes to ours. kConfig, naming the program
// and its exit status but never what it printed, when it cannot be run, fails, prints more than
// 64 KiB, or is not done after `patience`; it is then ended.
Result<std::string> CaptureCommand(const std::vector<std::string>& words, Milliseconds patience);

}  // namespace dbxes

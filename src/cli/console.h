// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/environment.h"

namespace dbxes::cli {

// The user on standard input, and the desktop's browser. Reading stops with `stop_signal`.
Console SystemConsole(const std::function<int()>& stop_signal);

}  // namespace dbxes::cli

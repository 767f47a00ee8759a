// SPDX-License-Identifier: Apache-2.0
// Randomness that nobody can guess, for what proves who we are. Jitter has a generator of its own.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace dbxes {

// kInternal when the system has none to give.
Result<std::string> RandomBytes(std::size_t count);

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace dbxes::state {

// 128 random bits in hexadecimal digits: a name that nobody else has.
Result<std::string> RandomName();

}  // namespace dbxes::state

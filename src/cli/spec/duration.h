// SPDX-License-Identifier: Apache-2.0
// Durations as users write them in a flag.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace dbxes::cli {

// "90", "90s", "10m", "2h", "1d"; a number alone is seconds. Nothing for other texts, and for more
// than ten years.
std::optional<Milliseconds> ParseDuration(std::string_view text);

}  // namespace dbxes::cli

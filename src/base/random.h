// SPDX-License-Identifier: Apache-2.0
// Random numbers: unpredictable bytes for secrets, and reproducible seeds for jitter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dbxes {

// Unpredictable, for proofs of identity. kInternal if the system provides none.
Result<std::string> RandomBytes(std::size_t count);
// Random bytes as two lower-case hexadecimal digits each: a name that nobody else has.
Result<std::string> RandomHex(std::size_t bytes);

// The seed of a named stream: retries of different services must not wait for the same times.
std::uint64_t SeedOf(std::uint64_t seed, std::string_view stream);

}  // namespace dbxes

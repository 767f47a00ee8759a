// SPDX-License-Identifier: Apache-2.0
// Hashes: XXH3 where speed matters and nobody attacks, SHA-256 where bytes must be proven.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dbxes {

std::uint64_t Hash64(std::string_view bytes);
std::string ToHex64(std::uint64_t value);       // 16 lower-case digits
std::string Sha256Hex(std::string_view bytes);  // 64 lower-case digits

}  // namespace dbxes

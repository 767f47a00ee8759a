// SPDX-License-Identifier: Apache-2.0
// "Did you mean ...?" for names that a person typed.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace dbxes::config {

// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`.
std::size_t EditDistance(std::string_view a, std::string_view b);

// The candidate nearest to `name`, or "" when none is near enough to be meant.
std::string Nearest(std::string_view name, std::span<const std::string> candidates);

}  // namespace dbxes::config

// SPDX-License-Identifier: Apache-2.0
// "Did you mean ...?" for mistyped names.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace dbxes::config {

// The number of insertions, deletions, replacements and swaps of neighbours from `a` to `b`.
std::size_t EditDistance(std::string_view a, std::string_view b);

// The candidate nearest to `name`, "" when none is near enough.
std::string Nearest(std::string_view name, std::span<const std::string> candidates);

}  // namespace dbxes::config

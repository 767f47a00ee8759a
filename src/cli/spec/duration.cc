// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/duration.h"

#include <charconv>
#include <cstdint>

namespace dbxes::cli {
namespace {

constexpr std::int64_t kLongest = 3650LL * 24 * 3600;  // seconds

// Seconds; 0 for an unknown unit.
std::int64_t Unit(std::string_view name) {
  if (name.empty() || name == "s") return 1;
  if (name == "m") return 60;
  if (name == "h") return 3600;
  return name == "d" ? 24 * 3600 : 0;
}

}  // namespace

std::optional<Milliseconds> ParseDuration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::int64_t unit = Unit(text.substr(static_cast<std::size_t>(end - text.data())));
  if (unit == 0 || number > kLongest / unit) return std::nullopt;
  return Milliseconds(number * unit * 1000);
}

}  // namespace dbxes::cli

// SPDX-License-Identifier: Apache-2.0
// Points in time as files and headers write them, and ages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dbxes::check {

// "2026-08-05T10:00:00Z" (FormatUtc) to microseconds of UTC since 1970.
std::optional<std::int64_t> ParseUtc(std::string_view text);
// "Wed, 05 Aug 2026 10:00:00 GMT", the header Date (RFC 9110, 5.6.7).
std::optional<std::int64_t> ParseHttpDate(std::string_view text);
// "4 min", "3 h", "12 days".
std::string FormatAge(std::int64_t seconds);
// Whether a point in time is ahead of `now`, both in microseconds, by more than clocks of several
// hosts differ.
bool IsInFuture(std::int64_t then, std::int64_t now);
// "4 min ago", or that it is in the future.
std::string FormatAgo(std::int64_t then, std::int64_t now);

}  // namespace dbxes::check

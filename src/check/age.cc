// SPDX-License-Identifier: Apache-2.0
#include "check/age.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace dbxes::check {
namespace {

std::optional<int> Number(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size()) return std::nullopt;
  const char* begin = text.data() + at;
  int number = 0;
  const auto [end, problem] = std::from_chars(begin, begin + length, number);
  if (problem != std::errc() || end != begin + length) return std::nullopt;
  return number;
}

std::optional<std::int64_t> Micros(std::optional<int> year, std::optional<int> month,
                                   std::optional<int> day, std::string_view clock) {
  const auto hour = Number(clock, 0, 2);
  const auto minute = Number(clock, 3, 2);
  const auto second = Number(clock, 6, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  std::tm time{};
  time.tm_year = *year - 1900;
  time.tm_mon = *month - 1;
  time.tm_mday = *day;
  time.tm_hour = *hour;
  time.tm_min = *minute;
  time.tm_sec = *second;
  return std::int64_t{::timegm(&time)} * 1'000'000;
}

}  // namespace

std::optional<std::int64_t> ParseUtc(std::string_view text) {
  if (text.size() < 20) return std::nullopt;
  return Micros(Number(text, 0, 4), Number(text, 5, 2), Number(text, 8, 2), text.substr(11, 8));
}

std::optional<std::int64_t> ParseHttpDate(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto* month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  return Micros(Number(text, 12, 4), static_cast<int>(month - kMonths.begin()) + 1,
                Number(text, 5, 2), text.substr(17, 8));
}

std::string FormatAge(std::int64_t seconds) {
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  if (seconds < 2 * 86'400) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86'400);
}

bool IsInFuture(std::int64_t then, std::int64_t now) {
  constexpr std::int64_t kTolerance = 60 * 1'000'000;
  return then > now + kTolerance;
}

std::string FormatAgo(std::int64_t then, std::int64_t now) {
  if (IsInFuture(then, now)) return "in the future: check the clock";
  return FormatAge(std::max<std::int64_t>(0, (now - then) / 1'000'000)) + " ago";
}

}  // namespace dbxes::check

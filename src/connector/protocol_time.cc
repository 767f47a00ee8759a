// SPDX-License-Identifier: Apache-2.0
#include "connector/protocol_time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <string_view>

#include "base/clock.h"

namespace dbxes::connector {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMilli = 1'000;

std::optional<std::int64_t> FromMillis(std::int64_t millis) {
  constexpr std::int64_t kMost = 253'402'300'799'999;  // the end of the year 9999
  if (millis < -kMost || millis > kMost) return std::nullopt;
  return millis * kMilli;
}

std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// Microseconds by which the zone behind a time is ahead of UTC: "Z", "+02:00", "+0200", "".
std::int64_t OffsetIn(std::string_view text) {
  const std::size_t sign = text.find_first_of("+-");
  if (sign == std::string_view::npos) return 0;
  const int hours = Digits(text, sign + 1, 2).value_or(0);
  const std::size_t colon = sign + 3 < text.size() && text[sign + 3] == ':' ? 1 : 0;
  const int minutes = Digits(text, sign + 3 + colon, 2).value_or(0);
  const std::int64_t offset = (hours * 60 + minutes) * 60 * kSecond;
  return text[sign] == '-' ? -offset : offset;
}

std::optional<std::int64_t> ReadText(std::string_view text) {
  std::int64_t millis = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (error == std::errc() && end == text.data() + text.size()) return FromMillis(millis);
  const std::string whole_seconds = std::string(text.substr(0, 19)) + "Z";
  if (!IsUtcTime(whole_seconds)) return std::nullopt;
  const std::chrono::sys_days day{std::chrono::year(*Digits(text, 0, 4)) /
                                  std::chrono::month(static_cast<unsigned>(*Digits(text, 5, 2))) /
                                  std::chrono::day(static_cast<unsigned>(*Digits(text, 8, 2)))};
  const std::int64_t days = day.time_since_epoch().count();
  const std::int64_t of_day =
      (*Digits(text, 11, 2) * 60 + *Digits(text, 14, 2)) * 60 + *Digits(text, 17, 2);
  return (days * 86'400 + of_day) * kSecond - OffsetIn(text.substr(19));
}

}  // namespace

std::string FormatTime(std::int64_t micros) {
  std::string text = FormatUtc(micros);
  text.pop_back();  // the Z
  return fmt::format("{}.{:03}Z", text, micros % kSecond / kMilli);
}

std::optional<std::int64_t> ReadTime(const rapidjson::Value& value) {
  if (value.IsInt64()) return FromMillis(value.GetInt64());
  return value.IsString() ? ReadText(View(value)) : std::nullopt;
}

}  // namespace dbxes::connector

// SPDX-License-Identifier: Apache-2.0
#include "report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace dbxes::report {

std::string WithThousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
  return digits;
}

std::string CountOf(std::uint64_t number, std::string_view noun) {
  if (number == 1) return fmt::format("1 {}", noun);
  if (!noun.ends_with('y')) return fmt::format("{} {}s", WithThousands(number), noun);
  return fmt::format("{} {}ies", WithThousands(number), noun.substr(0, noun.size() - 1));
}

std::string FormatBytes(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  constexpr std::string_view kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  // 1024.0 is printed as 1.0 of the next unit.
  while (value >= 1023.95 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string FormatRoughly(Milliseconds duration) {
  const std::int64_t minutes = (duration.count() + 59'999) / 60'000;
  if (minutes <= 1) return "under a minute";
  if (minutes <= 90) return fmt::format("about {} min", minutes);
  return fmt::format("about {} h", (minutes + 30) / 60);
}

std::string FormatElapsed(Milliseconds duration) {
  const std::int64_t seconds = duration.count() / 1000;
  const std::int64_t hours = seconds / 3600;
  const std::int64_t minutes = seconds / 60 % 60;
  return hours == 0 ? fmt::format("{}:{:02}", minutes, seconds % 60)
                    : fmt::format("{}:{:02}:{:02}", hours, minutes, seconds % 60);
}

std::string FormatDuration(Milliseconds duration) {
  const std::int64_t tenths = (duration.count() + 50) / 100;
  if (tenths < 600) return fmt::format("{}.{} s", tenths / 10, tenths % 10);
  const std::int64_t seconds = (duration.count() + 500) / 1000;
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", WithThousands(static_cast<std::uint64_t>(seconds / 3600)),
                     seconds / 60 % 60);
}

std::string CutToWidth(std::string_view text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (IsUtf8Continuation(text[i])) continue;
    if (seen == columns) return std::string(text.substr(0, i));
    ++seen;
  }
  return std::string(text);
}

}  // namespace dbxes::report

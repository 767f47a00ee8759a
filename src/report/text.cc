// SPDX-License-Identifier: Apache-2.0
#include "report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "base/utf8.h"

namespace dbxes::report {
namespace {

// U+0080 to U+009F control terminals as U+0000 to U+001F do; U+2028 and U+2029 break lines for many
// programs; the others change the direction of the text around them, so that a name shows as
// another one (Unicode Technical Report 36, 2.5).
bool IsTreacherous(char32_t point) {
  return (point >= 0x80 && point <= 0x9F) || point == 0x061C || point == 0x200E ||
         point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

// The character at `at`, if it takes two or three bytes; 0 for others.
char32_t ShortPoint(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t more) { return static_cast<unsigned char>(text[at + more]); };
  if (length == 2) return static_cast<char32_t>((byte(0) & 0x1F) << 6 | (byte(1) & 0x3F));
  if (length != 3) return 0;
  return static_cast<char32_t>((byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F));
}

}  // namespace

std::string WithThousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
  return digits;
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

std::string SafeJson(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t length =
        IsAscii(json[at]) ? 1 : std::max<std::size_t>(Utf8Length(json, at), 1);
    const char32_t point = ShortPoint(json, at, length);
    if (json[at] == '\x7f') {
      safe += "\\u007f";
    } else if (IsTreacherous(point)) {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(point));
    } else {
      safe += json.substr(at, length);
    }
    at += length;
  }
  return safe;
}

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t length =
        IsAscii(text[at]) ? 1 : std::max<std::size_t>(Utf8Length(text, at), 1);
    const char32_t point = ShortPoint(text, at, length);
    if (IsTreacherous(point)) {
      printable += point < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(point))
                                 : fmt::format("\\u{:04x}", static_cast<unsigned>(point));
    } else if (byte < 0x20 || byte == 0x7F) {
      printable += fmt::format("\\x{:02x}", byte);
    } else {
      printable += text.substr(at, length);
    }
    at += length;
  }
  return printable;
}

std::string WellFormedUtf8(std::string_view text) {
  std::string good;
  good.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text, 0);
    if (length == 0) {
      good += "\xEF\xBF\xBD";
    } else {
      good += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return good;
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

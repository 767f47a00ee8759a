// SPDX-License-Identifier: Apache-2.0
#include "report/text.h"

#include <fmt/format.h>

#include <iterator>

#include "base/utf8.h"

namespace dbxes::report {
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

std::string FormatDuration(Milliseconds duration) {
  const std::int64_t tenths = (duration.count() + 50) / 100;
  if (tenths < 600) return fmt::format("{}.{} s", tenths / 10, tenths % 10);
  const std::int64_t seconds = (duration.count() + 500) / 1000;
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", WithThousands(static_cast<std::uint64_t>(seconds / 3600)),
                     seconds / 60 % 60);
}

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are control characters, too; in UTF-8 they begin with C2.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && IsUtf8Continuation(text[i + 1]) &&
                    static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) {
      printable += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    } else if (byte < 0x20 || byte == 0x7F) {
      printable += fmt::format("\\x{:02x}", byte);
    } else {
      printable += text[i];
    }
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

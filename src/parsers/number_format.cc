// SPDX-License-Identifier: Apache-2.0
#include "parsers/number_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

namespace dbxes::parsers {
namespace {

constexpr int kFirstCustomFormat = 164;
constexpr int kMostDecimals = 15;
constexpr double kMostShare = 1e12;
constexpr double kDaySeconds = 86'400;
constexpr double kLastDay = 2'958'465;        // 9999-12-31
constexpr std::int64_t kDaysTo1970 = 25'569;  // from 1899-12-30
constexpr std::int64_t kDaysTo1904 = 1'462;

std::optional<double> ToDouble(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

int ToInt(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool IsBuiltInDate(int format) {
  return (format >= 14 && format <= 22) || (format >= 45 && format <= 47);
}

// Converts days since 1970 to a date (Howard Hinnant, "chrono-compatible low-level date
// algorithms").
std::string CivilDate(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = days / 146'097;
  const std::int64_t day_of_era = days % 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

}  // namespace

// A format shows dates if it has a letter of dates outside quotes, brackets and escapes.
bool IsDateFormat(std::string_view code) {
  char closing = 0;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (closing != 0) {
      if (c == closing) closing = 0;
    } else if (c == '"') {
      closing = '"';
    } else if (c == '[') {
      // [h], [m] and [s] show durations; other brackets are colours, conditions and currencies.
      const char next = at + 1 < code.size() ? code[at + 1] : ']';
      if (std::string_view("hHmMsS").find(next) != std::string_view::npos && at + 2 < code.size() &&
          (code[at + 2] == ']' || code[at + 2] == next)) {
        return true;
      }
      closing = ']';
    } else if (c == '\\' || c == '_' || c == '*') {
      ++at;
    } else if (std::string_view("dDmMyYhHsS").find(c) != std::string_view::npos) {
      return true;
    } else if (code.compare(at, 7, "General") == 0) {
      at += 6;
    }
  }
  return false;
}

// Only what is in the first section, for positive numbers, and outside quotes and escapes counts.
std::optional<int> PercentDecimalsOf(std::string_view code) {
  int decimals = 0;
  bool fraction = false;
  for (std::size_t at = 0; at < code.size() && code[at] != ';'; ++at) {
    const char c = code[at];
    if (c == '"') {
      at = std::min(code.find('"', at + 1), code.size());
    } else if (c == '\\' || c == '_' || c == '*') {
      ++at;
    } else if (c == '.') {
      fraction = true;
    } else if (fraction && (c == '0' || c == '#' || c == '?')) {
      ++decimals;
    } else if (c == '%') {
      return std::min(decimals, kMostDecimals);
    }
  }
  return std::nullopt;
}

NumberFormat FormatOfCode(std::string_view code) {
  return {IsDateFormat(code), PercentDecimalsOf(code)};
}

NumberFormat BuiltInFormat(int number) {
  constexpr int kPercent = 9;
  constexpr int kPercentDecimals = 10;
  if (number == kPercent) return {false, 0};
  if (number == kPercentDecimals) return {false, 2};
  return {IsBuiltInDate(number)};
}

std::string ShowNumber(std::string_view number, const NumberFormat& format, bool epoch_1904) {
  if (format.date) return FormatDate(number, epoch_1904);
  return format.percent_decimals ? FormatPercent(number, *format.percent_decimals)
                                 : FormatNumber(number);
}

void NumberFormats::Start(std::string_view name, const XmlAttributes& attributes) {
  if (name == "numFmt") {
    custom_[ToInt(attributes.Find("numFmtId"))] = FormatOfCode(attributes.Find("formatCode"));
  } else if (name == "cellXfs") {
    in_styles_ = true;
  } else if (name == "xf" && in_styles_) {
    const int format = ToInt(attributes.Find("numFmtId"));
    const auto custom = custom_.find(format);
    const bool own = format >= kFirstCustomFormat || custom != custom_.end();
    if (!own) return formats_.push_back(BuiltInFormat(format));
    formats_.push_back(custom == custom_.end() ? NumberFormat() : custom->second);
  }
}

void NumberFormats::End(std::string_view name) {
  if (name == "cellXfs") in_styles_ = false;
}

std::string FormatDate(std::string_view number, bool epoch_1904) {
  const auto serial = ToDouble(number);
  if (!serial || *serial < 0 || *serial > kLastDay) return std::string(number);
  const auto total = static_cast<std::int64_t>(std::llround(*serial * kDaySeconds));
  const auto day_seconds = static_cast<std::int64_t>(kDaySeconds);
  std::int64_t day = total / day_seconds;
  const std::int64_t second = total % day_seconds;
  const std::string time =
      fmt::format("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
  if (day == 0) return time;
  // Spreadsheets treat 1900 as a leap year: before March 1900 their day numbers are one too small.
  if (epoch_1904) {
    day += kDaysTo1904;
  } else if (day < 60) {
    ++day;
  }
  const std::string date = CivilDate(day - kDaysTo1970);
  return second == 0 ? date : date + " " + time;
}

std::string FormatPercent(std::string_view number, int decimals) {
  const auto value = ToDouble(number);
  // Longer ones are no share of anything, and could have 300 digits.
  const bool shows = value && std::abs(*value) < kMostShare;
  if (!shows) return FormatNumber(number);
  std::string text = fmt::format("{:.{}f}", *value * 100, decimals);
  // "29.0%" is searched for as "29%".
  if (decimals > 0) text.resize(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + "%";
}

std::string FormatNumber(std::string_view number) {
  const auto value = ToDouble(number);
  return value ? fmt::format("{:.15g}", *value) : std::string(number);
}

}  // namespace dbxes::parsers

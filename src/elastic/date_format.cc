// SPDX-License-Identifier: Apache-2.0
#include "elastic/date_format.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace dbxes::elastic {
namespace {

constexpr std::string_view kSample = "2026-01-31T10:20:30Z";

constexpr std::string_view kReadingNames[] = {
    "strict_date_optional_time",
    "strict_date_optional_time_nanos",
    "date_optional_time",
    "strict_date_time",
    "strict_date_time_no_millis",
    "date_time_no_millis",
    "iso8601",
};

// The names of the other built-in formats have only these characters; a pattern has others, too.
bool IsName(std::string_view format) {
  return std::all_of(format.begin(), format.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '8'; }) &&
         (format.find('_') != std::string_view::npos || format.find("date") == 0 ||
          format.find("time") == 0 || format.find("hour") == 0 || format.find("week") == 0 ||
          format == "year");
}

// How many characters of the sample a run of one pattern letter reads; -1 if that is not known.
int LengthOf(char letter, std::size_t count, std::string_view rest) {
  switch (letter) {
    case 'y':
    case 'u':
      return count == 4 ? 4 : -1;
    case 'M':
    case 'd':
    case 'H':
    case 'm':
    case 's':
      return count <= 2 ? 2 : -1;
    case 'X':
    case 'z':
    case 'V':
      return rest.substr(0, 1) == "Z" ? 1 : -1;
    default:
      return -1;
  }
}

enum class Reads { kYes, kNo, kUnknown };

Reads ReadsSample(std::string_view pattern) {
  std::string_view rest = kSample;
  while (!pattern.empty()) {
    const char c = pattern.front();
    if (c == '\'') {
      const std::size_t end = pattern.find('\'', 1);
      if (end == std::string_view::npos || end == 1) return Reads::kUnknown;
      const std::string_view literal = pattern.substr(1, end - 1);
      if (rest.substr(0, literal.size()) != literal) return Reads::kNo;
      rest.remove_prefix(literal.size());
      pattern.remove_prefix(end + 1);
      continue;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      const std::size_t count = std::min(pattern.find_first_not_of(c), pattern.size());
      // An offset such as +0000: Z is none (java.time.format.DateTimeFormatter).
      if (c == 'Z' && count <= 3) return Reads::kNo;
      const int length = LengthOf(c, count, rest);
      if (length < 0 || rest.size() < static_cast<std::size_t>(length)) return Reads::kUnknown;
      rest.remove_prefix(static_cast<std::size_t>(length));
      pattern.remove_prefix(count);
      continue;
    }
    if (c == '[' || c == '{') return Reads::kUnknown;
    if (rest.empty() || rest.front() != c) return Reads::kNo;
    rest.remove_prefix(1);
    pattern.remove_prefix(1);
  }
  return rest.empty() ? Reads::kYes : Reads::kNo;
}

bool ReadsOne(std::string_view format) {
  if (std::find(std::begin(kReadingNames), std::end(kReadingNames), format) !=
      std::end(kReadingNames)) {
    return true;
  }
  return !IsName(format) && ReadsSample(format) != Reads::kNo;
}

}  // namespace

bool ReadsUtcTimes(std::string_view format) {
  if (format.empty()) return true;
  for (;;) {
    const std::size_t end = format.find("||");
    if (ReadsOne(format.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    format.remove_prefix(end + 2);
  }
}

}  // namespace dbxes::elastic

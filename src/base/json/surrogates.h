// SPDX-License-Identifier: Apache-2.0
// UTF-16 surrogate pairs, which JSON uses to escape characters above U+FFFF.
#pragma once

#include <charconv>

namespace dbxes {

constexpr int kNoUnit = -1;

// The code unit of the four hexadecimal digits of an escape, "00e9"; kNoUnit if they are not four.
inline int EscapedUnit(const char* digits) {
  unsigned unit = 0;
  const auto parsed = std::from_chars(digits, digits + 4, unit, 16);
  return parsed.ptr == digits + 4 ? static_cast<int>(unit) : kNoUnit;
}

inline bool IsHighSurrogate(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
inline bool IsLowSurrogate(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

}  // namespace dbxes

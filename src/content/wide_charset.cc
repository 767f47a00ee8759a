// SPDX-License-Identifier: Apache-2.0
#include "content/wide_charset.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/ascii.h"
#include "base/utf8.h"

namespace dbxes::content {
namespace {

constexpr std::size_t kSampleBytes = 4096;
constexpr std::size_t kLeastUnits = 4;  // fewer prove nothing

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};
// What living scripts and their punctuation occupy. Other data rarely stays within it.
constexpr std::array kUsual{
    Range{0x09, 0x0a},      Range{0x0d, 0x0d},     Range{0x20, 0x7e},     Range{0xa0, 0x52f},
    Range{0x531, 0x6ff},    Range{0x900, 0xfff},   Range{0x10a0, 0x11ff}, Range{0x1780, 0x17ff},
    Range{0x1e00, 0x1fff},  Range{0x2010, 0x2040}, Range{0x2070, 0x218f}, Range{0x2190, 0x22ff},
    Range{0x2460, 0x26ff},  Range{0x3000, 0x30ff}, Range{0x3105, 0x33ff}, Range{0x4e00, 0x9fff},
    Range{0xac00, 0xd7a3},  Range{0xfe30, 0xfe4f}, Range{0xff01, 0xffee}, Range{0x1f300, 0x1faff},
    Range{0x20000, 0x2ffff}};

bool IsUsual(std::uint32_t unit) {
  return std::any_of(kUsual.begin(), kUsual.end(), [unit](const Range& range) {
    return unit >= range.first && unit <= range.last;
  });
}

std::uint32_t UnitAt(std::string_view bytes, std::size_t at, std::size_t width, bool little) {
  std::uint32_t unit = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t place = little ? width - 1 - i : i;
    unit = unit << 8 | static_cast<unsigned char>(bytes[at + place]);
  }
  return unit;
}

// Probably a character of ASCII in the other order. The two exceptions are frequent.
bool IsSwapped(std::uint32_t unit) {
  constexpr std::uint32_t kWideSpace = 0x3000;
  constexpr std::uint32_t kOne = 0x4e00;
  return unit < 0x10000 && unit % 0x100 == 0 && unit != kWideSpace && unit != kOne;
}

// Characters of this width and order that text has, in a hundred; 0 if one is impossible in text.
std::size_t UsualShare(std::string_view sample, std::size_t width, bool little) {
  std::size_t usual = 0;
  std::size_t ascii = 0;
  const std::size_t units = sample.size() / width;
  for (std::size_t i = 0; i < units; ++i) {
    const std::uint32_t unit = UnitAt(sample, i * width, width, little);
    const bool surrogate = unit >= 0xd800 && unit <= 0xdfff;
    if (unit == 0 || unit > 0x10ffff || unit == 0xfffe || unit == 0xffff) return 0;
    if (surrogate && width > 2) return 0;
    if (unit < 0x80) ++ascii;
    if (surrogate || (IsUsual(unit) && !IsSwapped(unit))) ++usual;
  }
  return units < kLeastUnits || ascii == 0 ? 0 : usual * 100 / units;
}

// Every other byte of western text is zero, also where it ends with half a character or has a few
// characters that text should not have.
const char* WesternUtf16(std::string_view sample) {
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < sample.size(); ++i) {
    if (sample[i] == '\0') ++zeros[i % 2];
  }
  const std::size_t pairs = sample.size() / 2;
  if (pairs == 0) return nullptr;
  if (zeros[1] * 10 > pairs * 4 && zeros[0] * 20 < pairs) return "UTF-16LE";
  if (zeros[0] * 10 > pairs * 4 && zeros[1] * 20 < pairs) return "UTF-16BE";
  return nullptr;
}

// Text of one byte a character with a stray zero: its letters, two at a time, look like ideographs.
bool LooksLikeUtf8(std::string_view sample) {
  constexpr std::size_t kShareOfControls = 20;
  const auto controls = std::count_if(sample.begin(), sample.end(), [](char c) {
    return c > 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r';
  });
  while (!sample.empty() && !IsAscii(sample.back())) sample.remove_suffix(1);  // it may be cut
  return static_cast<std::size_t>(controls) * kShareOfControls <= sample.size() && IsUtf8(sample);
}

}  // namespace

const char* GuessWideCharset(std::string_view bytes) {
  constexpr std::size_t kNearlyAll = 97;
  const std::string_view sample = bytes.substr(0, kSampleBytes);
  // Line breaks, spaces and digits have a zero in all of these.
  if (sample.find('\0') == std::string_view::npos) return nullptr;
  if (UsualShare(sample, 4, true) >= kNearlyAll) return "UTF-32LE";
  if (UsualShare(sample, 4, false) >= kNearlyAll) return "UTF-32BE";
  if (const char* western = WesternUtf16(sample)) return western;
  if (LooksLikeUtf8(sample)) return nullptr;
  const std::size_t little = UsualShare(sample, 2, true);
  const std::size_t big = UsualShare(sample, 2, false);
  if (little >= kNearlyAll && little > big) return "UTF-16LE";
  return big >= kNearlyAll && big > little ? "UTF-16BE" : nullptr;
}

}  // namespace dbxes::content

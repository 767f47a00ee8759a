// SPDX-License-Identifier: Apache-2.0
#include "find/lower_path.h"

#include <locale.h>
#include <wctype.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace dbxes::find {
namespace {

// The code point of a valid character of two bytes or more.
char32_t PointOf(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  char32_t point = first & (0xFFU >> (character.size() + 1));
  for (const char c : character.substr(1))
    point = point << 6 | (static_cast<unsigned char>(c) & 0x3F);
  return point;
}

// glibc has C.UTF-8 built in: its tables are those of Unicode.
char32_t LowerOf(char32_t point) {
  static const locale_t unicode = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (unicode == nullptr) return point;
  return static_cast<char32_t>(::towlower_l(static_cast<wint_t>(point), unicode));
}

}  // namespace

std::string LowerPath(std::string_view path) {
  std::string lower;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t length = Utf8Length(path, at);
    if (length <= 1) {
      lower += LowerAscii(path[at++]);
    } else {
      AppendUtf8(LowerOf(PointOf(path.substr(at, length))), lower);
      at += length;
    }
  }
  return lower;
}

}  // namespace dbxes::find

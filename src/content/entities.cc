// SPDX-License-Identifier: Apache-2.0
#include "content/entities.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/ascii.h"
#include "base/utf8.h"

namespace dbxes::content {
namespace {

struct Entity {
  std::string_view name;
  std::string_view text;  // UTF-8
  bool loose;             // counts without a semicolon, too
};

// Sorted by name; made by make_entities.py.
constexpr Entity kEntities[] = {
#include "content/entity_table.inc"
};
static_assert(std::is_sorted(std::begin(kEntities), std::end(kEntities),
                             [](const Entity& a, const Entity& b) { return a.name < b.name; }));

constexpr std::size_t kLongestName = 32;
constexpr std::size_t kLongestLoose = 6;
constexpr char32_t kReplacement = 0xfffd;
constexpr char32_t kBeyondUnicode = 0x110000;

// What the numbers of the C1 controls mean: the characters of windows-1252 (WHATWG
// HTML, 13.2.5.80).
constexpr std::array<char32_t, 32> kWindows1252{
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

bool IsAlphanumeric(char c) {
  const char lower = LowerAscii(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

const Entity* Find(std::string_view name) {
  const auto* found = std::lower_bound(
      std::begin(kEntities), std::end(kEntities), name,
      [](const Entity& entity, std::string_view key) { return entity.name < key; });
  return found != std::end(kEntities) && found->name == name ? found : nullptr;
}

// How many bytes of the text after the ampersand belong to the reference that is appended; 0 if it
// is none.
std::size_t AppendNamed(std::string_view text, std::string& out) {
  std::size_t length = 0;
  while (length < text.size() && length <= kLongestName && IsAlphanumeric(text[length])) ++length;
  if (length < text.size() && text[length] == ';') {
    if (const Entity* entity = Find(text.substr(0, length))) {
      out += entity->text;
      return length + 1;
    }
  }
  for (length = std::min(length, kLongestLoose); length > 1; --length) {
    const Entity* entity = Find(text.substr(0, length));
    if (entity == nullptr || !entity->loose) continue;
    out += entity->text;
    return length;
  }
  return 0;
}

std::size_t AppendNumeric(std::string_view text, std::string& out) {
  std::size_t at = 1;
  const bool hex = at < text.size() && LowerAscii(text[at]) == 'x';
  if (hex) ++at;
  const std::size_t begin = at;
  char32_t value = 0;
  for (; at < text.size(); ++at) {
    const int digit = HexDigit(text[at]);
    if (digit < 0 || (!hex && digit > 9)) break;
    value =
        std::min<char32_t>(value * (hex ? 16 : 10) + static_cast<char32_t>(digit), kBeyondUnicode);
  }
  if (at == begin) return 0;
  if (at < text.size() && text[at] == ';') ++at;
  if (value >= 0x80 && value < 0xa0) value = kWindows1252[value - 0x80];
  AppendUtf8(value == 0 ? kReplacement : value, out);
  return at;
}

}  // namespace

void AppendResolved(std::string_view text, std::string& out) {
  while (true) {
    const std::size_t ampersand = text.find('&');
    out += text.substr(0, ampersand);
    if (ampersand == std::string_view::npos) return;
    text.remove_prefix(ampersand + 1);
    const std::size_t length =
        text.starts_with("#") ? AppendNumeric(text, out) : AppendNamed(text, out);
    if (length == 0) out += '&';
    text.remove_prefix(length);
  }
}

}  // namespace dbxes::content

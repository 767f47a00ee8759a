// SPDX-License-Identifier: Apache-2.0
#include "content/entities.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/utf8.h"

namespace dbxes::content {
namespace {

using Entity = std::pair<std::string_view, char32_t>;

// HTML 4 without its mathematics: what editors write in documents. Sorted by name.
constexpr std::array kEntities{
    Entity{"AElig", 0xc6},    Entity{"Aacute", 0xc1},   Entity{"Acirc", 0xc2},
    Entity{"Agrave", 0xc0},   Entity{"Aring", 0xc5},    Entity{"Atilde", 0xc3},
    Entity{"Auml", 0xc4},     Entity{"Ccedil", 0xc7},   Entity{"ETH", 0xd0},
    Entity{"Eacute", 0xc9},   Entity{"Ecirc", 0xca},    Entity{"Egrave", 0xc8},
    Entity{"Euml", 0xcb},     Entity{"Iacute", 0xcd},   Entity{"Icirc", 0xce},
    Entity{"Igrave", 0xcc},   Entity{"Iuml", 0xcf},     Entity{"Ntilde", 0xd1},
    Entity{"OElig", 0x152},   Entity{"Oacute", 0xd3},   Entity{"Ocirc", 0xd4},
    Entity{"Ograve", 0xd2},   Entity{"Oslash", 0xd8},   Entity{"Otilde", 0xd5},
    Entity{"Ouml", 0xd6},     Entity{"Scaron", 0x160},  Entity{"THORN", 0xde},
    Entity{"Uacute", 0xda},   Entity{"Ucirc", 0xdb},    Entity{"Ugrave", 0xd9},
    Entity{"Uuml", 0xdc},     Entity{"Yacute", 0xdd},   Entity{"Yuml", 0x178},
    Entity{"aacute", 0xe1},   Entity{"acirc", 0xe2},    Entity{"acute", 0xb4},
    Entity{"aelig", 0xe6},    Entity{"agrave", 0xe0},   Entity{"amp", '&'},
    Entity{"apos", '\''},     Entity{"aring", 0xe5},    Entity{"atilde", 0xe3},
    Entity{"auml", 0xe4},     Entity{"bdquo", 0x201e},  Entity{"bull", 0x2022},
    Entity{"ccedil", 0xe7},   Entity{"cent", 0xa2},     Entity{"copy", 0xa9},
    Entity{"dagger", 0x2020}, Entity{"deg", 0xb0},      Entity{"divide", 0xf7},
    Entity{"eacute", 0xe9},   Entity{"ecirc", 0xea},    Entity{"egrave", 0xe8},
    Entity{"emsp", 0x2003},   Entity{"ensp", 0x2002},   Entity{"eth", 0xf0},
    Entity{"euml", 0xeb},     Entity{"euro", 0x20ac},   Entity{"frac12", 0xbd},
    Entity{"frac14", 0xbc},   Entity{"frac34", 0xbe},   Entity{"ge", 0x2265},
    Entity{"gt", '>'},        Entity{"hellip", 0x2026}, Entity{"iacute", 0xed},
    Entity{"icirc", 0xee},    Entity{"iexcl", 0xa1},    Entity{"igrave", 0xec},
    Entity{"iquest", 0xbf},   Entity{"iuml", 0xef},     Entity{"laquo", 0xab},
    Entity{"larr", 0x2190},   Entity{"ldquo", 0x201c},  Entity{"le", 0x2264},
    Entity{"lsaquo", 0x2039}, Entity{"lsquo", 0x2018},  Entity{"lt", '<'},
    Entity{"mdash", 0x2014},  Entity{"micro", 0xb5},    Entity{"middot", 0xb7},
    Entity{"nbsp", 0xa0},     Entity{"ndash", 0x2013},  Entity{"ne", 0x2260},
    Entity{"ntilde", 0xf1},   Entity{"oacute", 0xf3},   Entity{"ocirc", 0xf4},
    Entity{"oelig", 0x153},   Entity{"ograve", 0xf2},   Entity{"ordf", 0xaa},
    Entity{"ordm", 0xba},     Entity{"oslash", 0xf8},   Entity{"otilde", 0xf5},
    Entity{"ouml", 0xf6},     Entity{"para", 0xb6},     Entity{"permil", 0x2030},
    Entity{"plusmn", 0xb1},   Entity{"pound", 0xa3},    Entity{"quot", '"'},
    Entity{"raquo", 0xbb},    Entity{"rarr", 0x2192},   Entity{"rdquo", 0x201d},
    Entity{"reg", 0xae},      Entity{"rsaquo", 0x203a}, Entity{"rsquo", 0x2019},
    Entity{"sbquo", 0x201a},  Entity{"scaron", 0x161},  Entity{"sect", 0xa7},
    Entity{"shy", 0xad},      Entity{"sup2", 0xb2},     Entity{"sup3", 0xb3},
    Entity{"szlig", 0xdf},    Entity{"thinsp", 0x2009}, Entity{"thorn", 0xfe},
    Entity{"times", 0xd7},    Entity{"trade", 0x2122},  Entity{"uacute", 0xfa},
    Entity{"ucirc", 0xfb},    Entity{"ugrave", 0xf9},   Entity{"uuml", 0xfc},
    Entity{"yacute", 0xfd},   Entity{"yen", 0xa5},      Entity{"yuml", 0xff},
};
static_assert(std::is_sorted(kEntities.begin(), kEntities.end()));

constexpr std::size_t kLongestReference = 12;  // between the ampersand and the semicolon

std::optional<char32_t> Numeric(std::string_view digits) {
  const bool hex = !digits.empty() && (digits.front() == 'x' || digits.front() == 'X');
  if (hex) digits.remove_prefix(1);
  std::uint32_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value, hex ? 16 : 10);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

std::optional<char32_t> Resolve(std::string_view name) {
  if (name.substr(0, 1) == "#") return Numeric(name.substr(1));
  const auto* found = std::lower_bound(
      kEntities.begin(), kEntities.end(), name,
      [](const Entity& entity, std::string_view key) { return entity.first < key; });
  if (found == kEntities.end() || found->first != name) return std::nullopt;
  return found->second;
}

}  // namespace

void AppendResolved(std::string_view text, std::string& out) {
  while (true) {
    const std::size_t ampersand = text.find('&');
    out += text.substr(0, ampersand);
    if (ampersand == std::string_view::npos) return;
    text.remove_prefix(ampersand);
    const std::size_t end = text.substr(0, kLongestReference + 2).find(';');
    const auto character =
        end == std::string_view::npos ? std::nullopt : Resolve(text.substr(1, end - 1));
    if (character) {
      AppendUtf8(*character, out);
      text.remove_prefix(end + 1);
    } else {
      out += '&';
      text.remove_prefix(1);
    }
  }
}

}  // namespace dbxes::content

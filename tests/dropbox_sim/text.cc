// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/text.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <ctime>

namespace dbxes::sim {
namespace {

char32_t LowerLatinExtended(char32_t c) {
  if (c == 0x130) return U'i';  // Turkish dotted capital: the dot that would follow is dropped
  if (c == 0x178) return 0xFF;
  const bool odd_is_capital = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
  if (odd_is_capital) return c % 2 == 1 ? c + 1 : c;
  if (c == 0x138 || c == 0x149 || c == 0x17F) return c;
  return c % 2 == 0 ? c + 1 : c;
}

char32_t LowerGreek(char32_t c) {
  switch (c) {
    case 0x386:
      return 0x3AC;
    case 0x388:
      return 0x3AD;
    case 0x389:
      return 0x3AE;
    case 0x38A:
      return 0x3AF;
    case 0x38C:
      return 0x3CC;
    case 0x38E:
      return 0x3CD;
    case 0x38F:
      return 0x3CE;
    default:
      break;
  }
  return (c >= 0x391 && c <= 0x3AB && c != 0x3A2) ? c + 32 : c;
}

char32_t LowerCyrillic(char32_t c) {
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if ((c >= 0x460 && c <= 0x481) || (c >= 0x48A && c <= 0x4BF) || (c >= 0x4D0 && c <= 0x52F)) {
    return c % 2 == 0 ? c + 1 : c;
  }
  return c;
}

char32_t Lower(char32_t c) {
  if (c < 0x80) return (c >= 'A' && c <= 'Z') ? c + 32 : c;
  if (c < 0x100) return (c >= 0xC0 && c <= 0xDE && c != 0xD7) ? c + 32 : c;
  if (c < 0x180) return LowerLatinExtended(c);
  if (c >= 0x370 && c < 0x400) return LowerGreek(c);
  if (c >= 0x400 && c < 0x530) return LowerCyrillic(c);
  if (c >= 0x531 && c <= 0x556) return c + 48;
  return (c >= 0x1E00 && c <= 0x1EFF && c % 2 == 0 && !(c >= 0x1E96 && c <= 0x1E9F)) ? c + 1 : c;
}

struct Composition {
  char32_t mark;
  const char32_t* bases;
  const char32_t* composed;
};

// Lower-case letters only: composition happens after lower-casing.
constexpr Composition kCompositions[] = {
    {0x300, U"aeiou", U"\u00e0\u00e8\u00ec\u00f2\u00f9"},
    {0x301, U"aeiouyncsz", U"\u00e1\u00e9\u00ed\u00f3\u00fa\u00fd\u0144\u0107\u015b\u017a"},
    {0x302, U"aeiou", U"\u00e2\u00ea\u00ee\u00f4\u00fb"},
    {0x303, U"ano", U"\u00e3\u00f1\u00f5"},
    {0x308, U"aeiouy\u0435", U"\u00e4\u00eb\u00ef\u00f6\u00fc\u00ff\u0451"},
    {0x306, U"ag\u0438", U"\u0103\u011f\u0439"},
    {0x30A, U"au", U"\u00e5\u016f"},
    {0x30C, U"cszerndt", U"\u010d\u0161\u017e\u011b\u0159\u0148\u010f\u0165"},
    {0x327, U"cst", U"\u00e7\u015f\u0163"},
};

char32_t Compose(char32_t base, char32_t mark) {
  for (const Composition& row : kCompositions) {
    if (row.mark != mark) continue;
    for (std::size_t i = 0; row.bases[i] != 0; ++i) {
      if (row.bases[i] == base) return row.composed[i];
    }
  }
  return 0;
}

}  // namespace

char32_t NextCodePoint(std::string_view utf8, std::size_t* at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
  const unsigned char lead = byte((*at)++);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  if (more == 0 || lead >= 0xF5 || *at + static_cast<std::size_t>(more) > utf8.size())
    return 0xFFFD;
  char32_t value = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    if ((byte(*at + static_cast<std::size_t>(i)) & 0xC0) != 0x80) return 0xFFFD;
    value = (value << 6) | (byte(*at + static_cast<std::size_t>(i)) & 0x3F);
  }
  constexpr char32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[more] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
    return 0xFFFD;
  *at += static_cast<std::size_t>(more);
  return value;
}

void AppendUtf8(std::string* out, char32_t c) {
  const auto push = [&](char32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    push(c);
  } else if (c < 0x800) {
    push(0xC0 | (c >> 6));
    push(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    push(0xE0 | (c >> 12));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  } else {
    push(0xF0 | (c >> 18));
    push(0x80 | ((c >> 12) & 0x3F));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  }
}

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    if (NextCodePoint(text, &at) == 0xFFFD && text.substr(start, 3) != "\xEF\xBF\xBD") return false;
  }
  return true;
}

std::string LowerPath(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  if (std::all_of(utf8.begin(), utf8.end(), [](unsigned char c) { return c < 0x80; })) {
    for (char c : utf8) out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    return out;
  }
  char32_t pending = 0;  // held back, since a combining mark may follow
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = Lower(NextCodePoint(utf8, &at));
    if (const char32_t composed = Compose(pending, c); composed != 0) {
      pending = composed;
      continue;
    }
    if (pending != 0) AppendUtf8(&out, pending);
    pending = c;
  }
  if (pending != 0) AppendUtf8(&out, pending);
  return out;
}

void AppendTime(std::string* out, std::int64_t unix_seconds) {
  // Civil date from days, for speed: gmtime and strftime would dominate the rendering of a listing.
  std::int64_t days = unix_seconds / 86400;
  std::int64_t rest = unix_seconds % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_index = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_index + 2) / 5 + 1;
  const std::int64_t month = month_index < 10 ? month_index + 3 : month_index - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  char text[] = "0000-00-00T00:00:00Z";
  const auto put = [&](std::size_t at, std::int64_t value) {
    text[at] = static_cast<char>('0' + value / 10 % 10);
    text[at + 1] = static_cast<char>('0' + value % 10);
  };
  put(0, year / 100);
  put(2, year % 100);
  put(5, month);
  put(8, day);
  put(11, rest / 3600);
  put(14, rest / 60 % 60);
  put(17, rest % 60);
  out->append(text, 20);
}

std::string FormatTime(std::int64_t unix_seconds) {
  std::string out;
  AppendTime(&out, unix_seconds);
  return out;
}

std::string Hex(const unsigned char* bytes, std::size_t size) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(size * 2);
  for (std::size_t i = 0; i < size; ++i) {
    out.push_back(kDigits[bytes[i] >> 4]);
    out.push_back(kDigits[bytes[i] & 15]);
  }
  return out;
}

std::string Base64Url(std::string_view bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (unsigned char c : bytes) {
    buffer = (buffer << 8) | c;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out.push_back(kAlphabet[(buffer >> bits) & 63]);
    }
  }
  if (bits > 0) out.push_back(kAlphabet[(buffer << (6 - bits)) & 63]);
  return out;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  for (char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    else if (c >= '0' && c <= '9')
      value = static_cast<std::uint32_t>(c - '0' + 52);
    else if (c == '+' || c == '-')
      value = 62;
    else if (c == '/' || c == '_')
      value = 63;
    else
      return std::nullopt;
    buffer = (buffer << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<char>((buffer >> bits) & 255));
  }
  return out;
}

std::array<unsigned char, 32> Sha256(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return digest;
}

std::array<unsigned char, 32> HmacSha256(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(), &size);
  return digest;
}

std::string UrlDecode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out.push_back(' ');
      continue;
    }
    if (text[i] == '%' && i + 2 < text.size() &&
        std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
        std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0) {
      out.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
      i += 2;
      continue;
    }
    out.push_back(text[i]);
  }
  return out;
}

std::map<std::string, std::string> ParseForm(std::string_view text) {
  std::map<std::string, std::string> fields;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value =
        equals < pair.size() ? pair.substr(equals + 1) : std::string_view();
    if (!pair.empty()) fields[UrlDecode(pair.substr(0, equals))] = UrlDecode(value);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

bool MatchesPattern(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (text.substr(0, star) != pattern.substr(0, star)) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t i = star; i <= text.size(); ++i) {
    if (MatchesPattern(rest, text.substr(i))) return true;
  }
  return false;
}

std::uint64_t Mix(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15ULL;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

}  // namespace dbxes::sim

// SPDX-License-Identifier: Apache-2.0
#include "content/latin_guess.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ascii.h"
#include "content/iconv_converter.h"

namespace dbxes::content {
namespace {

using Byte = unsigned char;
constexpr std::size_t kHighBytes = 128;

// The most common first.
constexpr std::array<const char*, 13> kCharsets{"WINDOWS-1252", "WINDOWS-1250", "ISO-8859-2",
                                                "WINDOWS-1254", "WINDOWS-1257", "MACINTOSH",
                                                "IBM850",       "IBM852",       "WINDOWS-1258",
                                                "ISO-8859-13",  "ISO-8859-15",  "MAC-CENTRALEUROPE",
                                                "ISO-8859-4"};

// The letters beyond ASCII of each language, and a few that it borrows.
constexpr std::array<std::u32string_view, 24> kAlphabets{
    U"àâæçéèêëîïôœùûüÿ",   // French
    U"äöüßéàè",            // German
    U"áéíñóúüç",           // Spanish, Galician, Basque
    U"àèéìíòóùîú",         // Italian
    U"àáâãçéêíóôõúü",      // Portuguese
    U"áäçèéêëíïóôöüĳ",     // Dutch
    U"æøåéóòôöäü",         // Danish, Norwegian
    U"åäöéáàüšž",          // Swedish, Finnish
    U"áðéíóúýþæö",         // Icelandic
    U"àáçèéíïòóúü·",       // Catalan
    U"ąćęłńóśźż",          // Polish
    U"áčďéěíňóřšťúůýž",    // Czech
    U"áäčďéíĺľňóôŕšťúýž",  // Slovak
    U"áéíóöőúüű",          // Hungarian
    U"čćđšž",              // Croatian, Slovenian, Serbian
    U"ăâîșşțţ",            // Romanian
    U"çğıİöşüâîû",         // Turkish
    U"ąčęėįšųūž",          // Lithuanian
    U"āčēģīķļņšūž",        // Latvian
    U"äõöüšž",             // Estonian
    U"ëçâêî",              // Albanian
    U"áéíóú",              // Irish
    U"ċġħżàèìòù",          // Maltese
    U"ăâđêôơưàáãèéìíòóõùúýảẻỉỏủỷạẹịọụỵ\u0300\u0301\u0303\u0309\u0323",  // Vietnamese
};

// Where the occurrences of one byte are.
struct Places {
  std::size_t after_lower = 0;  // a small ASCII letter precedes
  std::size_t before = 0;       // an ASCII letter follows, and none precedes
  std::size_t after = 0;        // an ASCII letter precedes, and none follows
  std::size_t within = 0;       // both
  std::size_t alone = 0;        // neither
};
using Histogram = std::array<Places, kHighBytes>;

bool IsLetter(char c) { return LowerAscii(c) >= 'a' && LowerAscii(c) <= 'z'; }

Histogram CountPlaces(std::string_view bytes) {
  Histogram counts{};
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (IsAscii(bytes[at])) continue;
    Places& places = counts[static_cast<Byte>(bytes[at]) - kHighBytes];
    const char before = at > 0 ? bytes[at - 1] : ' ';
    const char after = at + 1 < bytes.size() ? bytes[at + 1] : ' ';
    if (before >= 'a' && before <= 'z') ++places.after_lower;
    if (IsLetter(before)) {
      ++(IsLetter(after) ? places.within : places.after);
    } else {
      ++(IsLetter(after) ? places.before : places.alone);
    }
  }
  return counts;
}

enum class Role : std::uint8_t {
  kNone,     // no character, a control character or a rarity
  kLower,    // a small letter
  kCapital,  // a capital letter
  kOpening,  // never right after a letter
  kClosing,  // never right before one
  kJoining,  // anywhere
  kQuote,    // never within a word
  kSymbol,   // seldom in words
};

struct Character {
  char32_t point = 0;
  Role role = Role::kNone;
  std::bitset<kAlphabets.size()> alphabets;  // that have it
};

Role RoleOf(char32_t point) {
  constexpr std::u32string_view kOpenings = U"“‘„‚¿¡£$€§©";
  constexpr std::u32string_view kClosings = U"…™®°ªº²³";
  constexpr std::u32string_view kJoins = U"’‘–—·­\u00a0«»‹›";
  constexpr std::u32string_view kQuotes = U"”";
  constexpr std::u32string_view kSymbols = U"•½¼¾´±µ¶×÷‰†¬";
  if (kJoins.find(point) != std::u32string_view::npos) return Role::kJoining;
  if (kOpenings.find(point) != std::u32string_view::npos) return Role::kOpening;
  if (kClosings.find(point) != std::u32string_view::npos) return Role::kClosing;
  if (kQuotes.find(point) != std::u32string_view::npos) return Role::kQuote;
  if (kSymbols.find(point) != std::u32string_view::npos) return Role::kSymbol;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_MN:
      return Role::kLower;
    case UTF8PROC_CATEGORY_LU:
      return Role::kCapital;
    default:
      return Role::kNone;
  }
}

Character CharacterOf(char32_t point) {
  Character character{point, RoleOf(point), {}};
  const auto small = static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point)));
  for (std::size_t i = 0; i < kAlphabets.size(); ++i) {
    const bool has = kAlphabets[i].find(point) != std::u32string_view::npos ||
                     kAlphabets[i].find(small) != std::u32string_view::npos;
    character.alphabets.set(i, has);
  }
  return character;
}

using Table = std::array<Character, kHighBytes>;

Table TableOf(const char* charset) {
  Table table{};
  IconvConverter converter{charset};
  for (std::size_t i = 0; converter.known() && i < kHighBytes; ++i) {
    const char byte = static_cast<char>(i + kHighBytes);
    std::size_t bad = 0;
    const std::string text = converter.Convert({&byte, 1}, bad);
    utf8proc_int32_t point = -1;
    const auto* start = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    utf8proc_iterate(start, static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (bad == 0 && point > 0) table[i] = CharacterOf(static_cast<char32_t>(point));
  }
  return table;
}

const std::array<Table, kCharsets.size()>& Tables() {
  static const auto tables = [] {
    std::array<Table, kCharsets.size()> made;
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = TableOf(kCharsets[i]);
    return made;
  }();
  return tables;
}

// What a byte says for a charset in which it is this character: letters count apart, because they
// are right or wrong for a language.
long Plausibility(const Character& character, const Places& places) {
  const auto after = static_cast<long>(places.after);
  const auto before = static_cast<long>(places.before);
  const auto within = static_cast<long>(places.within);
  const auto alone = static_cast<long>(places.alone);
  const long all = after + before + within + alone;
  switch (character.role) {
    case Role::kNone:
      return -3 * all;
    case Role::kLower:
      return 0;
    case Role::kCapital:
      // In the midst of a word of small letters.
      return -2 * static_cast<long>(places.after_lower);
    case Role::kOpening:
      return before + alone - 2 * (after + within);
    case Role::kClosing:
      return after + alone - 2 * (before + within);
    case Role::kJoining:
      return all;
    case Role::kQuote:
      return all - 3 * within;
    case Role::kSymbol:
      return -(before + after) - 2 * within;
  }
  return 0;
}

long Score(const Table& table, const Histogram& counts) {
  long shared = 0;
  std::array<long, kAlphabets.size()> letters{};
  for (std::size_t i = 0; i < kHighBytes; ++i) {
    const Places& places = counts[i];
    const auto all = static_cast<long>(places.after + places.before + places.within + places.alone);
    if (all == 0) continue;
    const Character& character = table[i];
    shared += Plausibility(character, places);
    if (character.role != Role::kLower && character.role != Role::kCapital) continue;
    for (std::size_t language = 0; language < letters.size(); ++language) {
      letters[language] += character.alphabets.test(language) ? all : -all;
    }
  }
  return shared + *std::max_element(letters.begin(), letters.end());
}

}  // namespace

bool LooksLatin(std::string_view bytes) {
  std::size_t high = 0;
  std::size_t runs = 0;
  std::size_t letters = 0;
  bool in_run = false;
  for (const char c : bytes) {
    if (IsAscii(c)) {
      in_run = false;
      if (IsLetter(c)) ++letters;
      continue;
    }
    ++high;
    if (!in_run) ++runs;
    in_run = true;
  }
  return 2 * letters >= high && 2 * high < 5 * runs;
}

LatinGuess GuessLatinCharset(std::string_view bytes, std::string_view favourite) {
  const Histogram counts = CountPlaces(bytes);
  const char* best = kCharsets.front();
  long most = 0;
  for (std::size_t i = 0; i < kCharsets.size(); ++i) {
    const long score = Score(Tables()[i], counts);
    const bool known = favourite.starts_with("WINDOWS-") || favourite.starts_with("ISO-");
    if (i > 0 && (score < most || (score == most && !(known && favourite == kCharsets[i])))) {
      continue;
    }
    best = kCharsets[i];
    most = score;
  }
  const auto high = std::count_if(bytes.begin(), bytes.end(), [](char c) { return !IsAscii(c); });
  return {best, most * 10 >= high * 6};
}

}  // namespace dbxes::content

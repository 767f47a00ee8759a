// SPDX-License-Identifier: Apache-2.0
#include "parsers/language.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdio>
#include <utility>

// It needs <cstdio> and does not include it.
#include <cld2/public/compact_lang_det.h>

namespace dbxes::parsers {
namespace {

// Of a text in several languages, the first one has to have more than this much, in percent.
constexpr int kMostlyPercent = 60;

// Codes that BCP 47 has replaced (IANA Language Subtag Registry: Preferred-Value).
constexpr std::pair<std::string_view, std::string_view> kReplaced[] = {
    {"in", "id"}, {"iw", "he"}, {"ji", "yi"}, {"jw", "jv"}, {"mo", "ro"}};

// CLD2 also names scripts ("xx-Copt"), spoofs of languages ("zzp") and the unknown ("un").
bool IsLanguage(std::string_view code) {
  return !code.empty() && code != "un" && !code.starts_with("xx") && !code.starts_with("zz");
}

}  // namespace

std::string GuessLanguage(std::string_view text) {
  const int length = static_cast<int>(std::min(text.size(), std::size_t{INT_MAX}));
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percents{};
  std::array<double, 3> scores{};
  int text_bytes = 0;
  int valid_bytes = 0;
  bool reliable = false;
  const CLD2::Language language = CLD2::ExtDetectLanguageSummaryCheckUTF8(
      text.data(), length, true, nullptr, 0, languages.data(), percents.data(), scores.data(),
      nullptr, &text_bytes, &reliable, &valid_bytes);
  if (!reliable || language != languages[0] || percents[0] <= kMostlyPercent) return "";
  const std::string_view code = CLD2::LanguageCode(language);
  if (!IsLanguage(code)) return "";
  for (const auto& [old_code, new_code] : kReplaced) {
    if (code == old_code) return std::string(new_code);
  }
  return std::string(code);
}

}  // namespace dbxes::parsers

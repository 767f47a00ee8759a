// SPDX-License-Identifier: Apache-2.0
//
// Small conversions that the simulator needs and that know nothing of Dropbox's state: case, times,
// base64, digests.

#ifndef DBXES_TESTS_DROPBOX_SIM_TEXT_H_
#define DBXES_TESTS_DROPBOX_SIM_TEXT_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace dbxes::sim {

/// Lower case and composed form as path_lower has them, for Latin, Greek, Cyrillic and Armenian
/// letters. Capital sigma always becomes the medial one, also at the end of a word, as at Dropbox.
std::string LowerPath(std::string_view utf8);

/// Decodes one code point at `*at` and moves on; U+FFFD for what is not UTF-8.
char32_t NextCodePoint(std::string_view utf8, size_t* at);
void AppendUtf8(std::string* out, char32_t code_point);
bool IsUtf8(std::string_view text);

/// "2026-08-05T10:00:00Z".
std::string FormatTime(int64_t unix_seconds);
void AppendTime(std::string* out, int64_t unix_seconds);

std::string Hex(const unsigned char* bytes, size_t size);
std::string Base64Url(std::string_view bytes);  // without '='
std::optional<std::string> DecodeBase64(
    std::string_view text);  // the usual alphabet or the one for URLs
std::array<unsigned char, 32> Sha256(std::string_view bytes);
std::array<unsigned char, 32> HmacSha256(std::string_view key, std::string_view bytes);

/// Percent-decoding; '+' is a blank.
std::string UrlDecode(std::string_view text);
std::map<std::string, std::string> ParseForm(std::string_view text);

bool EqualsIgnoreCase(std::string_view a, std::string_view b);
/// '*' stands for any text.
bool MatchesPattern(std::string_view pattern, std::string_view text);

/// A good 64-bit mix, for everything that shall look random and be the same for the same seed.
uint64_t Mix(uint64_t value);

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_TEXT_H_

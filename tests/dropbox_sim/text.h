// SPDX-License-Identifier: Apache-2.0
// Small conversions without state: case, times, base64, digests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace dbxes::sim {

// Lower case and composed form as path_lower has them, for Latin, Greek, Cyrillic and Armenian
// letters. Capital sigma always becomes the medial one, also at the end of a word, as at Dropbox.
std::string LowerPath(std::string_view utf8);

// Decodes one code point at `*at` and moves on; U+FFFD for invalid UTF-8.
char32_t NextCodePoint(std::string_view utf8, std::size_t* at);
void AppendUtf8(std::string* out, char32_t code_point);
bool IsUtf8(std::string_view text);

// "2026-08-05T10:00:00Z".
std::string FormatTime(std::int64_t unix_seconds);
void AppendTime(std::string* out, std::int64_t unix_seconds);

std::string Hex(const unsigned char* bytes, std::size_t size);
std::string Base64Url(std::string_view bytes);  // without '='
std::optional<std::string> DecodeBase64(
    std::string_view text);  // the usual alphabet or the one for URLs
std::array<unsigned char, 32> Sha256(std::string_view bytes);
std::array<unsigned char, 32> HmacSha256(std::string_view key, std::string_view bytes);

// Percent-decoding; '+' is a blank.
std::string UrlDecode(std::string_view text);
std::map<std::string, std::string> ParseForm(std::string_view text);

bool EqualsIgnoreCase(std::string_view a, std::string_view b);
// '*' matches any text.
bool MatchesPattern(std::string_view pattern, std::string_view text);

// A good 64-bit mix, for values that look random but are the same for the same seed.
std::uint64_t Mix(std::uint64_t value);

}  // namespace dbxes::sim

// SPDX-License-Identifier: Apache-2.0
// Chooses among the charsets of one byte a character for languages in Latin script, by the letters
// of each language and by where they are in words. libuchardet does not know those of DOS and of
// the Macintosh, and short texts have too few letters for its statistics.
#pragma once

#include <string_view>

namespace dbxes::content {

// Whether characters beyond ASCII are as rare and as scattered as accented letters are.
bool LooksLatin(std::string_view bytes);

struct LatinGuess {
  const char* charset;  // iconv's name
  bool convincing;      // most of the characters are what one language has at such places
};

// The charset that makes most of these characters the letters of one language; of several,
// `favourite`, if it is of Windows or ISO, or the most common one.
LatinGuess GuessLatinCharset(std::string_view bytes, std::string_view favourite);

}  // namespace dbxes::content

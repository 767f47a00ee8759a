// SPDX-License-Identifier: Apache-2.0
// Finds out that text without a byte order mark has two or four bytes a character.
#pragma once

#include <string_view>

namespace dbxes::content {

// "UTF-16LE", "UTF-16BE", "UTF-32LE" or "UTF-32BE" by the look of the first 4 KiB; null if the text
// is in none of them.
const char* GuessWideCharset(std::string_view bytes);

}  // namespace dbxes::content

// SPDX-License-Identifier: Apache-2.0
// Characters in UTF-8 text (The Unicode Standard, section 3.9). base/ascii_run.h finds the runs of
// ASCII between them a block at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbxes {

// True for every byte of a character but its first.
constexpr bool IsUtf8Continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The length of the character that begins at `text[at]`, 1 to 4; 0 if no valid one begins there.
std::size_t Utf8Length(std::string_view text, std::size_t at);
bool IsUtf8(std::string_view bytes);
// Characters of valid UTF-8.
std::size_t CountCharacters(std::string_view text);
// The first `max_bytes` bytes of valid UTF-8, or a few less: no character is cut in two.
std::string_view CutUtf8(std::string_view text, std::size_t max_bytes);
// Appends a character; U+FFFD for a number that is not one.
void AppendUtf8(char32_t character, std::string& out);

}  // namespace dbxes

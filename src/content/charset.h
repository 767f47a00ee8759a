// SPDX-License-Identifier: Apache-2.0
// Text in whatever encoding to valid UTF-8. Byte order marks and declarations are believed, valid
// UTF-8 is taken for what it is, and the rest is guessed (libuchardet) and converted (iconv).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbxes::content {

// `declared`: the encoding that the text names itself (HTML, XML), "" if it names none. Nothing
// when the bytes are no text in any encoding. Bytes that their encoding does not know become
// U+FFFD. UTF-8 is handed back as it came, without a copy of it.
std::optional<std::string> ToUtf8(std::string bytes, std::string_view declared = "");

// The encoding that an XML declaration or an HTML `meta` element names, or "".
std::string_view DeclaredCharset(std::string_view bytes);

bool IsUtf8(std::string_view bytes);
// The length of the character that begins at `text[at]`, 1 to 4; 0 when no valid one begins there.
std::size_t Utf8Length(std::string_view text, std::size_t at);
// Appends a character; U+FFFD for what is none.
void AppendUtf8(char32_t character, std::string& out);

}  // namespace dbxes::content

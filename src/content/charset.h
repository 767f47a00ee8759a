// SPDX-License-Identifier: Apache-2.0
// Converts text of any encoding to valid UTF-8. Byte order marks and declarations decide; valid
// UTF-8 stays as it is; any other encoding is guessed (libuchardet) and converted (iconv), if it is
// on the list of charsets (content/charset_list.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbxes::content {

// `declared`: the encoding that the text itself names (HTML, XML), "" for none. Returns nothing if
// the bytes are not text in any encoding. Bytes that are invalid in their encoding become U+FFFD.
// Valid UTF-8 is returned without a copy.
std::optional<std::string> ToUtf8(std::string bytes, std::string_view declared = "");

// For bytes whose charset their format names with certainty, such as the code page of a font: valid
// UTF-8 counts for nothing. `label` as in content/charset_list.h; windows-1252 if it is unknown.
// Bytes that are invalid become U+FFFD.
std::string FromCharset(std::string_view bytes, std::string_view label);

// Whether ToUtf8 would guess an encoding or convert from one. The libraries that do this have had
// defects that a file could use, so files of others are converted in parser processes only
// (parsers/parser_pool.h). The rest of ToUtf8 is safe anywhere.
bool NeedsConversion(std::string_view bytes);

// Opens the converters of all charsets (content/charset_list.h): for a process that is about to
// lose the right to open files.
void LoadCharsets();

// The encoding that an XML declaration or an HTML `meta` element names, or "".
std::string_view DeclaredCharset(std::string_view bytes);

}  // namespace dbxes::content

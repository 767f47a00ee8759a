// SPDX-License-Identifier: Apache-2.0
// Converts text of any encoding to valid UTF-8. Byte order marks and declarations decide; valid
// UTF-8 stays as it is; any other encoding is guessed (libuchardet) and converted (iconv).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbxes::content {

// `declared`: the encoding that the text itself names (HTML, XML), "" for none. Returns nothing if
// the bytes are not text in any encoding. Bytes that are invalid in their encoding become U+FFFD.
// Valid UTF-8 is returned without a copy.
std::optional<std::string> ToUtf8(std::string bytes, std::string_view declared = "");

// The encoding that an XML declaration or an HTML `meta` element names, or "".
std::string_view DeclaredCharset(std::string_view bytes);

}  // namespace dbxes::content

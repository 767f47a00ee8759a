// SPDX-License-Identifier: Apache-2.0
// Text of seven bits a byte in which sequences switch between ASCII and East Asian charsets: the
// ISO-2022 families of mail (RFC 1468, 1557, 1922, with the characters that Windows added) and HZ
// (RFC 1843). Its bytes are valid ASCII, so it has to be noticed before anything else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dbxes::content {

// Whether the text is of seven bits and selects such a charset. `declared` names the charset that
// the text itself names, "" for none: HZ has sequences that other text may have as well.
bool IsShifted(std::string_view bytes, std::string_view declared);

// Consecutive pieces of the text, each in a charset of eight bits.
struct ShiftedPiece {
  const char* charset;  // a name of content/charset_list.h
  std::string bytes;
};
std::vector<ShiftedPiece> ShiftedPieces(std::string_view bytes);

}  // namespace dbxes::content

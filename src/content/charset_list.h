// SPDX-License-Identifier: Apache-2.0
// The charsets that text is converted from. A file can name any charset, and iconv would load a
// module for it, so only those on this list count: the ones of browsers (WHATWG Encoding, 4.2) and
// a few of one byte a character that libuchardet guesses.
#pragma once

#include <span>
#include <string_view>

namespace dbxes::content {

// iconv's name of the charset with this label, in any case; "" if it is not on the list.
const char* IconvName(std::string_view label);

// All names that IconvName returns.
std::span<const char* const> IconvNames();

}  // namespace dbxes::content

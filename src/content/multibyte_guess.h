// SPDX-License-Identifier: Apache-2.0
// Recognizes East Asian text in the charsets of Windows by its most frequent characters.
// libuchardet knows the standards without the characters that Windows added to them, and gives such
// text up.
#pragma once

#include <string_view>

namespace dbxes::content {

// iconv's name of the charset in which all of the text is valid and most characters are frequent;
// "" if there is none.
const char* GuessMultibyteCharset(std::string_view bytes);

}  // namespace dbxes::content

// SPDX-License-Identifier: Apache-2.0
// Guesses the language of a text with CLD2. Its tables are part of the library: it opens no file,
// so it works in a parser process.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::parsers {

// The code of the language that most of the text is in (BCP 47: "de", "zh-Hant"); "" if it is not
// clear, and for text that is not UTF-8.
std::string GuessLanguage(std::string_view text);

}  // namespace dbxes::parsers

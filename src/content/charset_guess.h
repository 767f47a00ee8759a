// SPDX-License-Identifier: Apache-2.0
// Guesses the charset of text that is not UTF-8 and does not name its charset.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::content {

// iconv's name; "" if nothing is likely.
std::string GuessCharset(std::string_view bytes);

}  // namespace dbxes::content

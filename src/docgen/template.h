// SPDX-License-Identifier: Apache-2.0
// Fills placeholders such as @exit-codes@ and @flags full-sync@ in a text.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dbxes::docgen {

struct Placeholder {
  std::string_view name;  // "flags"
  // The text for it. `argument` is what follows the name ("full-sync"), or "". A block of several
  // lines ends with a line break; a text for the middle of a line has none.
  Result<std::string> (*fill)(std::string_view argument);
};

// `text` with every placeholder filled. A block needs a line that has nothing but its placeholder;
// an empty block removes that line. kUsage: "LINE: message".
Result<std::string> FillTemplate(std::string_view text, std::span<const Placeholder> placeholders);

// Whether the text has this placeholder, with any argument.
bool UsesPlaceholder(std::string_view text, std::string_view name);

}  // namespace dbxes::docgen

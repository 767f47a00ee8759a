// SPDX-License-Identifier: Apache-2.0
// The last step before text becomes a field: gives words the form in which they are searched for
// (content/normal_text.h), removes control characters, makes all line breaks alike, and cuts the
// text to a limit.
#pragma once

#include <cstddef>
#include <string>

namespace dbxes::content {

struct TextLimits {
  std::size_t max_chars = 0;       // characters, not bytes; 0 for no limit
  bool reduce_whitespace = false;  // each run of ASCII white space to one space, none at the ends
};

// Changes valid UTF-8. The text grows only where a sign becomes the letters that it consists of.
// True if the limit cut something off.
bool CleanText(std::string& text, const TextLimits& limits);

}  // namespace dbxes::content

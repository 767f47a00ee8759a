// SPDX-License-Identifier: Apache-2.0
// Gives text the form in which analyzers and people write words: composed letters (The Unicode
// Standard, annex 15: NFC), ordinary letters in place of ligatures and of the presentation forms of
// Arabic, and no marks that a reader does not see.
#pragma once

#include <string>

namespace dbxes::content {

// Changes valid UTF-8. Text that needs nothing, as all of ASCII, is only looked at. Linear: of
// combining marks in a row, 30 are kept (annex 15: Stream-Safe Text Format).
void NormalizeText(std::string& text);

}  // namespace dbxes::content

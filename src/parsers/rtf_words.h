// SPDX-License-Identifier: Apache-2.0
// The control words of RTF that matter for its text (Rich Text Format Specification 1.9.1).
#pragma once

#include <cstdint>
#include <string_view>

namespace dbxes::parsers {

// What a control word does.
enum class RtfAct : std::uint8_t {
  kText,    // the row's text
  kLine,    // ends a line
  kCell,    // ends a cell
  kFlag,    // deleted text, until the word comes with 0
  kSkip,    // begins a destination without text that is read
  kReturn,  // begins the destination that is read instead of the skipped one around it
  kFonts,   // and those below begin the destination of the same name
  kInfo,
  kTitle,
  kAuthor,
  kRead,      // begins a destination that is text, even after \*
  kOptional,  // \*: programs may skip the destination that follows
  kFont,
  kFontCharset,
  kFontPage,
  kDefaultFont,
  kPage,  // of the document: its number is the value
  kMac,
  kPc,
  kPca,
  kPlain,
  kFallback,  // \ucN
  kUnicode,   // \uN
};

struct RtfWord {
  std::string_view word;
  RtfAct act;
  std::string_view text = {};  // of kText
};

// nullptr for the words that change only how text looks, and for unknown ones.
const RtfWord* FindRtfWord(std::string_view word);

}  // namespace dbxes::parsers

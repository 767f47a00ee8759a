// SPDX-License-Identifier: Apache-2.0
// Splits RTF into its tokens (Rich Text Format Specification 1.9.1, "RTF Syntax"). Binary data is
// skipped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dbxes::parsers {

struct RtfToken {
  enum class Kind : std::uint8_t {
    kEnd,    // of the bytes, wherever it is
    kOpen,   // a group
    kClose,  // a group
    kWord,   // a control word, or a control symbol other than \'hh
    kByte,   // a byte of text in the current code page
  };

  Kind kind = Kind::kEnd;
  std::string_view word;  // of kWord, without the backslash
  int value = 0;          // of kWord: its number
  bool has_value = false;
  char byte = 0;  // of kByte
};

class RtfScanner {
 public:
  // `bytes` must outlive the scanner.
  explicit RtfScanner(std::string_view bytes) : bytes_(bytes) {}

  RtfToken Next();

 private:
  // What a backslash begins; nothing where it is damaged and means nothing.
  std::optional<RtfToken> NextControl();
  RtfToken ControlWord();

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace dbxes::parsers

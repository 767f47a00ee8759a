// SPDX-License-Identifier: Apache-2.0
// Bytes of a text file to the text that is searched, within this process: for formats that need no
// parser.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "content/clean_text.h"

namespace dbxes::content {

enum class TextFormat : std::uint8_t {
  kPlain,
  kHtml,
  kXml,
  kOpaque,  // not for ExtractText: somebody else reads the bytes
  kParsed,  // neither: takes a parser (parsers/document_parser.h)
};
inline constexpr std::size_t kTextFormats = 5;

struct ExtractedText {
  std::string text;  // valid UTF-8
  std::string title;
  std::string author;
  std::string language;
  bool truncated = false;  // the limit cut something off
};

// Nothing when the bytes are no text. Those of plain text in UTF-8 become the text without a copy.
std::optional<ExtractedText> ExtractText(std::string bytes, TextFormat format,
                                         const TextLimits& limits);

}  // namespace dbxes::content

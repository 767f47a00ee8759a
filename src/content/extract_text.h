// SPDX-License-Identifier: Apache-2.0
// Converts the bytes of a text file to searchable text, within this process: for formats that need
// no parser.
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
  kOpaque,  // not for ExtractText: a service or a pipeline reads the bytes
  kParsed,  // not for ExtractText: needs a parser (parsers/document_parser.h)
};
inline constexpr std::size_t kTextFormats = 5;

struct ExtractedText {
  std::string text;  // valid UTF-8
  std::string title;
  std::string author;
  std::string language;
  bool truncated = false;       // the limit cut something off
  bool damaged_partly = false;  // parts of the file could not be read
};

// Returns nothing if the bytes are not text. Plain text in UTF-8 is not copied.
std::optional<ExtractedText> ExtractText(std::string bytes, TextFormat format,
                                         const TextLimits& limits);

}  // namespace dbxes::content

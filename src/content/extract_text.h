// SPDX-License-Identifier: Apache-2.0
// Converts the bytes of a text file to searchable text, within this process: for formats that need
// no parser.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "content/clean_text.h"

namespace dbxes::content {

enum class TextFormat : std::uint8_t {
  kPlain,
  kHtml,
  kXml,
  kOpaque,  // not for ExtractText: a service or a pipeline reads the bytes
  // Not for ExtractText: these need a parser (parsers/document_parser.h). It reads a file by its
  // bytes; a family is what extensions promise, so that each has a version of its own
  // (content/content_plan.cc).
  kParsed,        // Office Open XML
  kOpenDocument,  // and OpenOffice 1
  kBinaryOffice,  // Word, Excel and PowerPoint of 1997 to 2003
  kRichText,
  kMail,
  kBook,
  kPages,  // Visio, XPS
  kPdf,
  // Not for ExtractText: a name without an extension, whose bytes show the format once they are
  // there (content/first_bytes.h).
  kByContent,
  kArchive,  // not for ExtractText: a parser lists the names of its entries
  kPicture,  // not for ExtractText: a parser reads the words in it
};
inline constexpr std::size_t kTextFormats = 15;

constexpr bool NeedsParser(TextFormat format) {
  return format >= TextFormat::kParsed && format != TextFormat::kByContent;
}

struct ExtractedText {
  std::string text;  // valid UTF-8
  std::string title;
  std::string author;
  std::string language;
  bool truncated = false;       // the limit cut something off
  bool damaged_partly = false;  // parts of the file could not be read
  // Of words in pictures: how long reading them took, 0 where nothing was read so; and whether they
  // are missing until a later run.
  Milliseconds ocr_time{0};
  bool ocr_postponed = false;
};

// Returns nothing if the bytes are not text. Plain text in UTF-8 is not copied.
std::optional<ExtractedText> ExtractText(std::string bytes, TextFormat format,
                                         const TextLimits& limits);

}  // namespace dbxes::content

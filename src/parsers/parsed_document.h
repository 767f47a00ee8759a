// SPDX-License-Identifier: Apache-2.0
// The result of parsing a file: its text and properties, or why it has no text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/clock.h"
#include "base/os/descriptor.h"

namespace dbxes::parsers {

// What is to be read.
enum class DocumentForm : std::uint8_t {
  kFile,          // the file itself, of any format but PDF
  kPdfText,       // the output of pdftotext for it
  kText,          // text of any encoding, to be converted to UTF-8
  kMarkup,        // the same, of HTML or XML, which may declare its encoding
  kArchiveNames,  // the names of the entries of a ZIP or tar archive
  kPicture,       // whose words are read (parsers/ocr_parser.h)
  kLanguage,      // UTF-8 that was read already: its language is guessed, and no text returned
};

struct DocumentProperties {
  std::string title;
  std::string author;
  std::string language;  // as written in the file, for example "en-US"
};

// Pages of a PDF that have no text.
struct Scan {
  Descriptor file;
  std::vector<std::uint32_t> pages;  // from 1; empty: all of them
};

struct ParsedDocument {
  std::string text;  // UTF-8; paragraphs, rows and slides end with a line break
  DocumentProperties properties;
  bool truncated = false;       // the text was cut at a limit
  bool damaged_partly = false;  // parts of the file cannot be read; the text is that of the others
  std::vector<std::string> attached_pdfs = {};  // for parsers/attached_pdfs.h
  // What parsers/ocr_parser.h is to read; null if there is nothing.
  std::shared_ptr<Scan> scan = nullptr;
  Milliseconds ocr_time{0};    // that its programs took; 0: they read nothing of it
  bool ocr_postponed = false;  // the text lacks what is to be read so, until a later run
};

// Why a file has no text. Trying again does not help in any of these cases.
enum class Unreadable : std::uint8_t {
  kDamaged,      // violates its format, in all of its parts
  kEncrypted,    // with a password
  kUnsupported,  // of a format that dbx-es does not read
  kNotText,      // bytes that are text in no encoding
  kTooComplex,   // beyond the limits on entries, inflated bytes, memory or time
  kCrashed,      // its parser crashed, or did something forbidden
};

constexpr std::string_view ToString(Unreadable reason) {
  switch (reason) {
    case Unreadable::kDamaged:
      return "damaged";
    case Unreadable::kEncrypted:
      return "encrypted";
    case Unreadable::kUnsupported:
      return "of a format that is not read";
    case Unreadable::kNotText:
      return "not text";
    case Unreadable::kTooComplex:
      return "beyond the limits of memory, time and inflated size";
    case Unreadable::kCrashed:
      return "its parser crashed";
  }
  return "";
}

template <class T>
using Parsed = tl::expected<T, Unreadable>;

// Limits on what one file may cost.
struct ParseLimits {
  std::size_t max_text_bytes = std::size_t{16} << 20;         // the rest is cut off
  std::uint64_t max_inflated_bytes = std::uint64_t{1} << 30;  // of all entries that are read
  std::uint64_t max_entries = 20'000;
};

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
// What reading a file that needs a parser comes to: its text and properties, or why it has none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace dbxes::parsers {

struct DocumentProperties {
  std::string title;
  std::string author;
  std::string language;  // as the file names it, "en-US"
};

struct ParsedDocument {
  std::string text;  // UTF-8; paragraphs, rows and slides end with a line break
  DocumentProperties properties;
  bool truncated = false;  // the text is not all of it
};

// Why a file has no text. None of them is mended by trying again.
enum class Unreadable : std::uint8_t {
  kDamaged,      // not what its format prescribes
  kEncrypted,    // with a password
  kUnsupported,  // whole, but of a format that is not read
  kTooComplex,   // beyond the limits on entries, inflated bytes, memory or time
  kCrashed,      // its parser ended by itself, or did what it must not
};

constexpr std::string_view ToString(Unreadable reason) {
  switch (reason) {
    case Unreadable::kDamaged:
      return "damaged";
    case Unreadable::kEncrypted:
      return "encrypted";
    case Unreadable::kUnsupported:
      return "of a format that is not read";
    case Unreadable::kTooComplex:
      return "beyond the limits of memory, time and inflated size";
    case Unreadable::kCrashed:
      return "its parser crashed";
  }
  return "";
}

template <class T>
using Parsed = tl::expected<T, Unreadable>;

// Bounds of what one file may cost, whatever it says of itself.
struct ParseLimits {
  std::size_t max_text_bytes = std::size_t{16} << 20;         // more is cut off
  std::uint64_t max_inflated_bytes = std::uint64_t{1} << 30;  // of all entries that are read
  std::uint64_t max_entries = 20'000;
};

}  // namespace dbxes::parsers

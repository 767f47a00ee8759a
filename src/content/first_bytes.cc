// SPDX-License-Identifier: Apache-2.0
#include "content/first_bytes.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "content/fetch.h"

namespace dbxes::content {
namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::array<std::string_view, 4> kMarks{
    "PK\x03\x04",        // Office Open XML, OpenDocument, EPUB
    "\xd0\xcf\x11\xe0",  // [MS-CFB]: Office 97 to 2003, Outlook
    "{\\rtf",
    "%PDF-",
};
// The first line of a mail as servers and programs store it (RFC 5322, section 3.6).
constexpr std::array<std::string_view, 4> kMailStarts{
    "Return-Path:", "Received:", "Delivered-To:", "MIME-Version:"};
// Byte order marks of UTF-16 and UTF-32.
constexpr std::array<std::string_view, 3> kWideMarks{"\xff\xfe", "\xfe\xff",
                                                     std::string_view("\0\0\xfe\xff", 4)};
constexpr std::array<std::string_view, 2> kHtmlStarts{"<!doctype html", "<html"};

bool BeginsIgnoringCase(std::string_view text, std::string_view start) {
  return EqualIgnoringCase(text.substr(0, start.size()), start);
}

bool BeginsWithAny(std::string_view bytes, const auto& starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return BeginsIgnoringCase(bytes, start); });
}

// No text has these. Under a name that promises text, some are borne (content/charset.cc); a name
// that promises nothing is mostly that of a program, a database or a compressed file.
bool HasControls(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool usual = (byte >= '\b' && byte <= '\r') || byte == 0x1b || byte >= 0x20;
    return !usual || byte == 0x7f;
  });
}

}  // namespace

std::optional<TextFormat> FormatByContent(std::string_view bytes) {
  bytes = bytes.substr(0, kFirstBytes);
  if (BeginsWithAny(bytes, kMarks)) return TextFormat::kParsed;
  if (BeginsWithAny(bytes, kWideMarks)) return TextFormat::kPlain;
  if (HasControls(bytes)) return std::nullopt;
  if (bytes.starts_with(kUtf8Mark)) bytes.remove_prefix(kUtf8Mark.size());
  bytes.remove_prefix(std::min(bytes.find_first_not_of(kBlanks), bytes.size()));
  if (BeginsWithAny(bytes, kMailStarts)) return TextFormat::kParsed;
  if (BeginsWithAny(bytes, kHtmlStarts)) return TextFormat::kHtml;
  return bytes.starts_with("<?xml") ? TextFormat::kXml : TextFormat::kPlain;
}

Error UnknownBytes() {
  Error error{ErrorKind::kRejectedDocument, "its bytes are neither text nor of a known format"};
  error.tag = kUnknownTag;
  return error;
}

}  // namespace dbxes::content

// SPDX-License-Identifier: Apache-2.0
#include "pdf/poppler_object.h"

#include <PDFDocEncoding.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/utf8.h"

namespace dbxes::pdf {
namespace {

constexpr char32_t kReplacement = 0xfffd;
constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

char32_t UnitAt(std::string_view bytes, std::size_t at, bool little_endian) {
  const auto first = static_cast<unsigned char>(bytes[at]);
  const auto second = static_cast<unsigned char>(bytes[at + 1]);
  return little_endian ? second * 256U + first : first * 256U + second;
}

// The languages of parts of the text are between two escapes (ISO 32000-2, 7.9.2.2).
constexpr char32_t kEscape = 0x1b;

std::string FromUtf16(std::string_view bytes, bool little_endian) {
  std::string text;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t unit = UnitAt(bytes, at, little_endian);
    if (unit == kEscape) {
      for (at += 2; at + 1 < bytes.size() && UnitAt(bytes, at, little_endian) != kEscape;) at += 2;
      continue;
    }
    const bool high = unit >= 0xd800 && unit < 0xdc00;
    const char32_t next = high && at + 3 < bytes.size() ? UnitAt(bytes, at + 2, little_endian) : 0;
    if (next >= 0xdc00 && next < 0xe000) {
      unit = 0x10000 + (unit - 0xd800) * 0x400 + (next - 0xdc00);
      at += 2;
    } else if (unit >= 0xd800 && unit < 0xe000) {
      unit = kReplacement;
    }
    if (unit != 0) AppendUtf8(unit, text);
  }
  return text;
}

std::string FromDocEncoding(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const char32_t letter = pdfDocEncoding[static_cast<unsigned char>(byte)];
    if (letter != 0) AppendUtf8(letter, text);
  }
  return text;
}

}  // namespace

BaseStream* StreamOf(std::string_view bytes) {
  return new MemStream(bytes.data(), 0, static_cast<Goffset>(bytes.size()), Object(objNull));
}

std::string TextOf(const Object& value) {
  if (!value.isString()) return "";
  const GooString* string = value.getString();
  return DecodeText({string->c_str(), static_cast<std::size_t>(string->getLength())});
}

std::string DecodeText(std::string_view bytes) {
  if (bytes.starts_with("\xfe\xff")) return FromUtf16(bytes.substr(2), false);
  if (bytes.starts_with("\xff\xfe")) return FromUtf16(bytes.substr(2), true);
  if (bytes.starts_with(kUtf8Mark) && IsUtf8(bytes.substr(kUtf8Mark.size()))) {
    return std::string(bytes.substr(kUtf8Mark.size()));
  }
  return FromDocEncoding(bytes);
}

std::string BytesOf(const Object& value, std::size_t max_bytes) {
  if (!value.isStream()) return "";
  Stream* stream = value.getStream();
  static_cast<void>(stream->reset());
  std::string bytes;
  std::array<unsigned char, 4096> part{};
  while (bytes.size() < max_bytes) {
    const std::size_t wanted = std::min(part.size(), max_bytes - bytes.size());
    const int length = stream->doGetChars(static_cast<int>(wanted), part.data());
    if (length <= 0) break;
    bytes.append(part.begin(), part.begin() + length);
  }
  stream->close();
  return bytes;
}

Object Member(const Object& dictionary, const char* key) {
  return dictionary.isDict() ? dictionary.getDict()->lookup(key) : Object(objNull);
}

}  // namespace dbxes::pdf

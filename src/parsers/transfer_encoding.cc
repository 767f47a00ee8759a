// SPDX-License-Identifier: Apache-2.0
#include "parsers/transfer_encoding.h"

#include <algorithm>
#include <cstdint>

#include "base/ascii.h"

namespace dbxes::parsers {
namespace {

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// The byte that two hexadecimal digits at `at` write, -1 if there are none.
int HexByte(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return -1;
  const int high = HexDigit(text[at]);
  const int low = HexDigit(text[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::string DecodeEscapes(std::string_view text, char escape) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int byte = text[at] == escape ? HexByte(text, at + 1) : -1;
    out += byte < 0 ? text[at] : static_cast<char>(byte);
    if (byte >= 0) at += 2;
  }
  return out;
}

// The length of the line break at `at`, with white space before it; 0 if there is none.
std::size_t LineBreak(std::string_view text, std::size_t at) {
  const std::size_t end = text.find_first_not_of(" \t\r", at);
  if (end == std::string_view::npos) return text.size() - at;
  return text[end] == '\n' ? end + 1 - at : 0;
}

}  // namespace

std::string DecodeBase64Leniently(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = Base64Digit(c);
    // Padding ends what was encoded at once; programs have joined several of these.
    if (c == '=') count = 0;
    if (digit < 0) continue;
    bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  return out;
}

std::string DecodeQuotedPrintable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '=') {
      out += c;
      continue;
    }
    const int byte = HexByte(text, at + 1);
    if (byte >= 0) {
      out += static_cast<char>(byte);
      at += 2;
      continue;
    }
    const std::size_t soft = LineBreak(text, at + 1);
    if (soft == 0 && at + 1 < text.size()) out += c;
    at += soft;
  }
  return out;
}

std::string DecodeQuotedWord(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '_', ' ');
  return DecodeEscapes(spaced, '=');
}

std::string DecodePercent(std::string_view text) { return DecodeEscapes(text, '%'); }

std::string DecodeTransfer(std::string_view bytes, std::string_view encoding) {
  if (encoding == "base64") return DecodeBase64Leniently(bytes);
  if (encoding == "quoted-printable") return DecodeQuotedPrintable(bytes);
  return std::string(bytes);
}

}  // namespace dbxes::parsers

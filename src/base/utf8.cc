// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <algorithm>
#include <array>

#include "base/ascii_run.h"

namespace dbxes {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// The payload bits of a UTF-8 sequence, and the smallest character that needs its length.
struct Form {
  unsigned char mask;
  unsigned char lead;
  std::size_t length;
  char32_t least;
};
constexpr std::array<Form, 4> kForms{{
    {0x80, 0x00, 1, 0x0},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
}};

bool IsCharacter(char32_t value) {
  return value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
}

}  // namespace

std::size_t Utf8Length(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  for (const Form& form : kForms) {
    if ((lead & form.mask) != form.lead) continue;
    if (text.size() - at < form.length) return 0;
    char32_t value = lead & static_cast<unsigned char>(~form.mask);
    for (std::size_t i = 1; i < form.length; ++i) {
      if (!IsUtf8Continuation(text[at + i])) return 0;
      value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3f);
    }
    return value >= form.least && IsCharacter(value) ? form.length : 0;
  }
  return 0;
}

bool IsUtf8(std::string_view bytes) {
  for (std::size_t at = AsciiRun(bytes, 0); at < bytes.size(); at += AsciiRun(bytes, at)) {
    const std::size_t length = Utf8Length(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsUtf8Continuation(c); }));
}

std::string_view CutUtf8(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && IsUtf8Continuation(text[max_bytes])) --max_bytes;
  return text.substr(0, max_bytes);
}

void AppendUtf8(char32_t character, std::string& out) {
  if (!IsCharacter(character)) {
    out += kReplacement;
    return;
  }
  std::size_t length = 1;
  for (const Form& form : kForms) {
    if (character >= form.least) length = form.length;
  }
  unsigned shift = static_cast<unsigned>(length - 1) * 6;
  out += static_cast<char>(kForms[length - 1].lead | character >> shift);
  while (shift > 0) {
    shift -= 6;
    out += static_cast<char>(0x80 | (character >> shift & 0x3f));
  }
}

}  // namespace dbxes

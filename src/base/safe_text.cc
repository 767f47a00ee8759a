// SPDX-License-Identifier: Apache-2.0
#include "base/safe_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/ascii_run.h"
#include "base/utf8.h"

namespace dbxes {
namespace {

// U+0080 to U+009F control terminals as U+0000 to U+001F do; U+2028 and U+2029 break lines for many
// programs; the others change the direction of the text around them, so that a name shows as
// another one (Unicode Technical Report 36, 2.5).
bool IsTreacherous(char32_t point) {
  return (point >= 0x80 && point <= 0x9F) || point == 0x061C || point == 0x200E ||
         point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

// The character at `at`, if it takes two or three bytes; 0 for others.
char32_t ShortPoint(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t more) { return static_cast<unsigned char>(text[at + more]); };
  if (length == 2) return static_cast<char32_t>((byte(0) & 0x1F) << 6 | (byte(1) & 0x3F));
  if (length != 3) return 0;
  return static_cast<char32_t>((byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F));
}

}  // namespace

std::string SafeJson(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    // Most of it is harmless.
    const std::size_t run = PrintableRun(json, at, '\0');
    safe += json.substr(at, run);
    at += run;
    if (at == json.size()) break;
    const std::size_t length =
        IsAscii(json[at]) ? 1 : std::max<std::size_t>(Utf8Length(json, at), 1);
    const char32_t point = ShortPoint(json, at, length);
    if (json[at] == '\x7f') {
      safe += "\\u007f";
    } else if (IsTreacherous(point)) {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(point));
    } else {
      safe += json.substr(at, length);
    }
    at += length;
  }
  return safe;
}

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t valid = IsAscii(text[at]) ? 1 : Utf8Length(text, at);
    const std::size_t length = std::max<std::size_t>(valid, 1);
    const char32_t point = ShortPoint(text, at, length);
    if (IsTreacherous(point)) {
      printable += point < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(point))
                                 : fmt::format("\\u{:04x}", static_cast<unsigned>(point));
    } else if (valid == 0 || byte < 0x20 || byte == 0x7F) {
      printable += fmt::format("\\x{:02x}", byte);
    } else {
      printable += text.substr(at, length);
    }
    at += length;
  }
  return printable;
}

std::string WellFormedUtf8(std::string_view text) {
  // Most texts are, and whole blocks show it.
  if (IsUtf8(text)) return std::string(text);
  std::string good;
  good.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text, 0);
    if (length == 0) {
      good += "\xEF\xBF\xBD";
    } else {
      good += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return good;
}

std::string InOneLine(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view kMore = "...";
  std::string line(text);
  if (text.size() > max_bytes) {
    line = CutUtf8(text, max_bytes - kMore.size());
    line += kMore;
  }
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }, ' ');
  return line;
}

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
#include "content/charset.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/ascii.h"
#include "base/ascii_run.h"
#include "base/safe_text.h"
#include "base/utf8.h"
#include "content/charset_guess.h"
#include "content/charset_list.h"
#include "content/iconv_converter.h"
#include "content/shifted_charset.h"
#include "content/wide_charset.h"

namespace dbxes::content {
namespace {

constexpr std::size_t kDeclarationBytes = 1024;  // HTML: the first 1024 bytes count

struct ByteOrderMark {
  std::string_view bytes;
  const char* charset;
};
// The longer marks first: the mark of UTF-32 begins like the mark of UTF-16.
constexpr std::array<ByteOrderMark, 5> kByteOrderMarks{{
    {"\xef\xbb\xbf", "UTF-8"},
    {std::string_view("\xff\xfe\0\0", 4), "UTF-32LE"},
    {std::string_view("\0\0\xfe\xff", 4), "UTF-32BE"},
    {"\xff\xfe", "UTF-16LE"},
    {"\xfe\xff", "UTF-16BE"},
}};

std::size_t FindIgnoringCase(std::string_view text, std::string_view word) {
  const auto found =
      std::search(text.begin(), text.end(), word.begin(), word.end(),
                  [](char left, char right) { return EqualIgnoringCase(left, right); });
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

// Returns the value after `word`, an equals sign and an optional quote.
std::string_view ValueAfter(std::string_view text, std::string_view word) {
  const std::size_t found = FindIgnoringCase(text, word);
  if (found == std::string_view::npos) return {};
  text.remove_prefix(found + word.size());
  const std::size_t begin = text.find_first_not_of(" \t\r\n=\"'");
  if (begin == std::string_view::npos || text.find('=') >= begin) return {};
  text.remove_prefix(begin);
  return text.substr(0, text.find_first_of(" \t\r\n\"';/>?"));
}

// Control characters that text never has show that it is other data.
bool LooksBinary(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, 64 << 10);
  std::size_t controls = 0;
  for (std::size_t at = 0; at < sample.size(); at += PrintableRun(sample, at, ' ')) {
    const auto byte = static_cast<unsigned char>(sample[at++]);
    const bool usual = byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r' ||
                       byte == '\f' || byte == 0x1b || byte == '\b' || byte == '\v';
    if (!usual) ++controls;
  }
  return controls * 20 > sample.size();
}

// iconv's name; texts that name ISO-8859-1 or ASCII mean windows-1252 (WHATWG Encoding).
std::string NameOf(std::string_view label) {
  return label.empty() ? "WINDOWS-1252" : IconvName(label);
}

std::optional<std::string> Convert(std::string_view bytes, const std::string& charset,
                                   bool believe) {
  IconvConverter converter(charset);
  if (!converter.known()) return std::nullopt;
  std::size_t bad = 0;
  std::string text = WellFormedUtf8(converter.Convert(bytes, bad));
  // With this many invalid bytes the guess or the declaration is wrong.
  if (!believe && bad * 50 > bytes.size()) return std::nullopt;
  return text;
}

std::string ConvertShifted(std::string_view bytes) {
  std::string text;
  for (const ShiftedPiece& piece : ShiftedPieces(bytes)) {
    text += Convert(piece.bytes, piece.charset, true).value_or("");
  }
  return text;
}

// The C1 controls, which no text has: a charset that gives some is the wrong one.
bool HasC1Controls(std::string_view text) {
  for (std::size_t at = text.find('\xc2'); at != std::string_view::npos;
       at = text.find('\xc2', at + 1)) {
    const auto next = static_cast<unsigned char>(text[at + 1]);
    if (next < 0xa0 && next != 0x85) return true;
  }
  return false;
}

}  // namespace

std::string_view DeclaredCharset(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, kDeclarationBytes);
  if (head.substr(0, 5) == "<?xml") {
    return ValueAfter(head.substr(0, head.find("?>")), "encoding");
  }
  const std::size_t meta = FindIgnoringCase(head, "<meta");
  return meta == std::string_view::npos ? std::string_view()
                                        : ValueAfter(head.substr(meta), "charset");
}

void LoadCharsets() {
  for (const char* name : IconvNames()) IconvConverter{name};
}

bool NeedsConversion(std::string_view bytes) {
  for (const ByteOrderMark& mark : kByteOrderMarks) {
    if (bytes.substr(0, mark.bytes.size()) != mark.bytes) continue;
    return &mark != kByteOrderMarks.data() || !IsUtf8(bytes);
  }
  if (GuessWideCharset(bytes) != nullptr || IsShifted(bytes, DeclaredCharset(bytes))) return true;
  return !LooksBinary(bytes) && !IsUtf8(bytes);
}

std::optional<std::string> ToUtf8(std::string bytes, std::string_view declared) {
  const std::string_view text = bytes;
  for (const ByteOrderMark& mark : kByteOrderMarks) {
    if (text.substr(0, mark.bytes.size()) != mark.bytes) continue;
    if (&mark == kByteOrderMarks.data()) {
      return WellFormedUtf8(text.substr(mark.bytes.size()));
    }
    return Convert(text.substr(mark.bytes.size()), mark.charset, true);
  }
  if (const char* wide = GuessWideCharset(text)) return Convert(text, wide, false);
  if (IsShifted(text, declared)) return ConvertShifted(text);
  if (LooksBinary(text)) return std::nullopt;
  if (IsUtf8(text)) return bytes;
  std::optional<std::string> wrong;
  if (!declared.empty()) {
    // Declared as UTF-8, with a few invalid bytes: another encoding would turn each accent into two
    // letters.
    const bool believe = FindIgnoringCase(declared, "utf-8") == 0;
    auto converted = Convert(text, NameOf(declared), believe);
    if (converted && (believe || !HasC1Controls(*converted))) return converted;
    wrong = std::move(converted);
  }
  auto guessed = Convert(text, GuessCharset(text), false);
  if (guessed && !(wrong && HasC1Controls(*guessed))) return guessed;
  return wrong ? wrong : Convert(text, "WINDOWS-1252", true);
}

std::string FromCharset(std::string_view bytes, std::string_view label) {
  const std::string name = IconvName(label);
  // In these, an ASCII byte may be part of another character.
  const bool shifts = name.rfind("UTF-", 0) == 0 || name.rfind("ISO-2022", 0) == 0;
  if (IsAscii(bytes) && !shifts) return std::string(bytes);
  auto converted = Convert(bytes, name, true);
  if (!converted) converted = Convert(bytes, "WINDOWS-1252", true);
  return converted ? *std::move(converted) : WellFormedUtf8(bytes);
}

}  // namespace dbxes::content

// SPDX-License-Identifier: Apache-2.0
#include "content/normal_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "base/ascii_run.h"
#include "base/utf8.h"

namespace dbxes::content {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};
// Covers everything that is not its own NFC, may combine with what precedes it, or is removed or
// replaced here, and some characters more. The others begin a new piece of text: nothing before
// them depends on them. A test compares it with the tables of utf8proc.
constexpr std::array kSpecial{
    Range{0xad, 0xad},       Range{0x300, 0x36f},     Range{0x374, 0x374},
    Range{0x37e, 0x37e},     Range{0x387, 0x387},     Range{0x483, 0x487},
    Range{0x591, 0x5c7},     Range{0x610, 0x61c},     Range{0x64b, 0x65f},
    Range{0x670, 0x670},     Range{0x6d6, 0x6ed},     Range{0x711, 0x1dff},
    Range{0x1f71, 0x1ffd},   Range{0x2000, 0x2001},   Range{0x200e, 0x200f},
    Range{0x202a, 0x202e},   Range{0x2066, 0x2069},   Range{0x20d0, 0x20f0},
    Range{0x2126, 0x212b},   Range{0x2329, 0x232a},   Range{0x2adc, 0x2adc},
    Range{0x2cef, 0x2cf1},   Range{0x2d7f, 0x2d7f},   Range{0x2de0, 0x2dff},
    Range{0x302a, 0x302f},   Range{0x3099, 0x309a},   Range{0xa66f, 0xabed},
    Range{0xf900, 0xfdff},   Range{0xfe20, 0xfe2f},   Range{0xfe70, 0xfefc},
    Range{0x10000, 0x1efff}, Range{0x2f800, 0x2fa1d}, Range{0xe0000, 0x10ffff}};
constexpr std::size_t kMostMarks = 30;

bool IsSpecial(char32_t point) {
  const auto* range = std::partition_point(kSpecial.begin(), kSpecial.end(),
                                           [point](const Range& one) { return one.last < point; });
  return range != kSpecial.end() && range->first <= point;
}

// Without a look at the table: the first byte of a character shows that nearly all letters of Latin
// and Cyrillic, ideographs and syllables of Korean need nothing.
bool MayBeSpecial(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte == 0xc2 || (byte >= 0xcc && byte != 0xd0 && byte != 0xd1 &&
                          !(byte >= 0xe4 && byte <= 0xe9) && !(byte >= 0xeb && byte <= 0xed));
}

char32_t PointAt(std::string_view text, std::size_t at, std::size_t length) {
  constexpr std::array<unsigned char, 5> kBitsOfFirst{0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t point = static_cast<unsigned char>(text[at]) & kBitsOfFirst[length];
  for (std::size_t i = 1; i < length; ++i) {
    point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3f);
  }
  return point;
}

// The place of the next special character from `at` on, or the end.
std::size_t FindSpecial(std::string_view text, std::size_t at) {
  while ((at += AsciiRun(text, at)) < text.size()) {
    const std::size_t length = std::max<std::size_t>(Utf8Length(text, at), 1);
    if (MayBeSpecial(text[at]) && IsSpecial(PointAt(text, at, length))) break;
    at += length;
  }
  return at;
}

// Soft hyphens and the marks of direction for single characters.
bool IsInvisible(char32_t point) {
  return point == 0xad || point == 0x61c || point == 0x200e || point == 0x200f;
}

// Embeddings, overrides and isolates. pdftotext moves the blank beside such a run into it.
bool IsDirection(char32_t point) {
  return (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

// Ligatures, and letters in the form for their place in a word. Two are whole sentences in one
// sign.
bool IsPresentation(char32_t point) {
  const bool sentence = point == 0xfdfa || point == 0xfdfb;
  return ((point >= 0xfb00 && point <= 0xfdff) || (point >= 0xfe70 && point <= 0xfefc)) &&
         !sentence;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool IsMark(utf8proc_int32_t point) { return utf8proc_get_property(point)->combining_class != 0; }

// What a character becomes before marks are sorted.
struct Decomposed {
  std::size_t points = 0;
  std::size_t last_marks = 0;  // at the end of them; U+0F73, which is no mark, has nothing else
};

Decomposed Decompose(char32_t point) {
  const auto code = static_cast<utf8proc_int32_t>(point);
  std::array<utf8proc_int32_t, 8> points{code};
  const utf8proc_ssize_t count = utf8proc_decompose_char(
      code, points.data(), static_cast<utf8proc_ssize_t>(points.size()),
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE), nullptr);
  Decomposed result;
  result.points =
      std::clamp<std::size_t>(count < 0 ? 1 : static_cast<std::size_t>(count), 1, points.size());
  while (result.last_marks < result.points &&
         IsMark(points[result.points - 1 - result.last_marks])) {
    ++result.last_marks;
  }
  return result;
}

void AppendMapped(std::string_view text, int options, std::string& out) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const utf8proc_ssize_t length =
      utf8proc_map(bytes, static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                   static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> freed(mapped, std::free);
  if (length < 0) {  // out of memory
    out += text;
    return;
  }
  out.append(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
}

// Appends the text without those combining marks that are too many in a row.
void AppendWithFewMarks(std::string_view text, std::string& out) {
  std::size_t marks = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = std::max<std::size_t>(Utf8Length(text, at), 1);
    const Decomposed character = Decompose(PointAt(text, at, length));
    const bool only_marks = character.last_marks == character.points;
    marks = (only_marks ? marks : 0) + character.last_marks;
    if (!only_marks || marks <= kMostMarks) out += text.substr(at, length);
    at += length;
  }
}

class Normalizer {
 public:
  explicit Normalizer(std::string_view text) : text_(text) { out_.reserve(text.size()); }

  std::string Normalize() {
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t special = FindSpecial(text_, at);
      TakeOrdinary(text_.substr(at, special - at));
      at = special;
      while (at < text_.size()) {
        const std::size_t length = std::max<std::size_t>(Utf8Length(text_, at), 1);
        const char32_t point = PointAt(text_, at, length);
        // A zero is removed later, and must not keep letter and accent apart.
        if (point != 0 && !IsSpecial(point)) break;
        if (point != 0) TakeSpecial(point, text_.substr(at, length));
        at += length;
      }
    }
    Flush();
    return std::move(out_);
  }

 private:
  void TakeOrdinary(std::string_view text) {
    Flush();
    if (text.empty()) return;
    Separate(text.front());
    for (std::size_t zero = text.find('\0'); zero != std::string_view::npos;
         zero = text.find('\0')) {
      out_ += text.substr(0, zero);
      text.remove_prefix(zero + 1);
    }
    out_ += text;
  }

  void TakeSpecial(char32_t point, std::string_view character) {
    if (IsInvisible(point)) return;
    if (IsDirection(point)) {
      Flush();
      gap_ = true;
      return;
    }
    if (piece_.empty()) {
      Separate(character.front());
      TakeBackLast();
    }
    if (IsPresentation(point)) {
      AppendMapped(character, UTF8PROC_COMPOSE | UTF8PROC_COMPAT, piece_);
    } else {
      piece_ += character;
    }
  }

  // A mark of direction that is removed must not glue two words.
  void Separate(char next) {
    const bool words = !out_.empty() && !IsSpace(out_.back()) && !IsSpace(next);
    if (gap_ && words) out_ += ' ';
    gap_ = false;
  }

  // The character that the next one may combine with.
  void TakeBackLast() {
    std::size_t begin = out_.size();
    while (begin > 0 && IsUtf8Continuation(out_[begin - 1])) --begin;
    if (begin > 0) --begin;
    piece_.assign(out_, begin);
    out_.resize(begin);
  }

  void Flush() {
    if (piece_.empty()) return;
    few_.clear();
    AppendWithFewMarks(piece_, few_);
    composed_.clear();
    AppendMapped(few_, UTF8PROC_COMPOSE, composed_);
    AppendWithFewMarks(composed_, out_);
    piece_.clear();
  }

  std::string_view text_;
  std::string out_;
  std::string piece_;  // what must be composed together
  std::string few_;
  std::string composed_;
  bool gap_ = false;  // a mark of direction was removed here
};

}  // namespace

void NormalizeText(std::string& text) {
  if (FindSpecial(text, 0) == text.size()) return;
  text = Normalizer(text).Normalize();
}

}  // namespace dbxes::content

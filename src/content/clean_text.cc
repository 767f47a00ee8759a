// SPDX-License-Identifier: Apache-2.0
#include "content/clean_text.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/ascii_run.h"
#include "base/utf8.h"
#include "content/normal_text.h"

namespace dbxes::content {
namespace {

constexpr char kDrop = '\0';

// Returns the replacement of a control character; any other character stays the same.
char Plain(unsigned char c) {
  switch (c) {
    case '\0':
      return kDrop;  // padding, never a separator
    case '\r':
    case '\f':
    case '\v':
      return '\n';
    case '\t':
    case '\n':
      return static_cast<char>(c);
    default:
      return c < 0x20 || c == 0x7f ? ' ' : static_cast<char>(c);
  }
}

// The C1 controls U+0080 to U+009F, and the byte order mark in the midst of a text.
bool IsControl(std::string_view character) {
  const bool c1 = character.size() == 2 && character[0] == '\xc2' &&
                  static_cast<unsigned char>(character[1]) < 0xa0;
  return c1 || character == "\xef\xbb\xbf";
}

// Characters written to the front of the text that is being read.
class Writer {
 public:
  Writer(std::string& text, const TextLimits& limits) : text_(text), limits_(limits) {}

  // False when there is no room for it.
  bool Put(std::string_view character) {
    const bool space = character == " " || character == "\t" || character == "\n";
    if (limits_.reduce_whitespace && space) {
      gap_ = end_ > 0;
      return true;
    }
    const std::size_t needed = gap_ ? 2 : 1;
    if (limits_.max_chars != 0 && count_ + needed > limits_.max_chars) return false;
    if (gap_) text_[end_++] = ' ';
    gap_ = false;
    count_ += needed;
    for (const char c : character) text_[end_++] = c;
    return true;
  }
  // Writes several ASCII characters without controls and, if white space is reduced, without
  // spaces. False when there is no room for all of them.
  bool PutRun(std::string_view run) {
    if (limits_.max_chars != 0) {
      // A space may come before the first one. Put handles the case that there is no room.
      const std::size_t room = limits_.max_chars - count_;
      const std::size_t most = room - std::min(room, std::size_t{1});
      if (run.size() > most) return PutEach(run);
    }
    if (!Put(run.substr(0, 1))) return false;
    run.remove_prefix(1);
    std::memmove(text_.data() + end_, run.data(), run.size());
    end_ += run.size();
    count_ += run.size();
    return true;
  }
  void Finish() { text_.resize(end_); }

 private:
  bool PutEach(std::string_view run) {
    for (std::size_t i = 0; i < run.size(); ++i) {
      if (!Put(run.substr(i, 1))) return false;
    }
    return true;
  }

  std::string& text_;
  const TextLimits& limits_;
  std::size_t end_ = 0;
  std::size_t count_ = 0;
  bool gap_ = false;  // white space that becomes one space if anything follows
};

}  // namespace

bool CleanText(std::string& text, const TextLimits& limits) {
  NormalizeText(text);
  Writer writer(text, limits);
  bool truncated = false;
  const unsigned char least = limits.reduce_whitespace ? '!' : ' ';
  for (std::size_t at = 0; at < text.size() && !truncated;) {
    if (const std::size_t run = PrintableRun(text, at, least); run > 0) {
      truncated = !writer.PutRun({text.data() + at, run});
      at += run;
      continue;
    }
    const std::size_t length = Utf8Length(text, at);
    const std::string_view character(text.data() + at, length == 0 ? 1 : length);
    at += character.size();
    if (character.size() > 1) {
      truncated = !writer.Put(IsControl(character) ? std::string_view(" ") : character);
      continue;
    }
    const bool half_of_break = character[0] == '\r' && at < text.size() && text[at] == '\n';
    const char plain = Plain(static_cast<unsigned char>(character[0]));
    if (plain == kDrop || half_of_break) continue;
    truncated = !writer.Put({&plain, 1});
  }
  writer.Finish();
  return truncated;
}

}  // namespace dbxes::content

// SPDX-License-Identifier: Apache-2.0
// A pull reader for JSON: the caller asks for what comes next. It reads the answers with many bytes
// (listing pages, bulk answers, multi-get, search, extracted text), mostly through the tables of
// json_members.h, and takes less than half of the instructions of RapidJSON's reader: a string
// without escapes is neither copied nor written to, and no state has to be kept between events.
#pragma once

#include <rapidjson/error/error.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json/json_block.h"

namespace dbxes {

// The name of a member as a literal that needs no escape, ready to be compared with a text.
class JsonName {
 public:
  template <std::size_t N>
  constexpr JsonName(const char (&name)[N]) : size_(N - 1) {  // NOLINT: a literal is one
    static_assert(N <= 2 * kJsonBlock);
    for (std::size_t at = 0; at < size_; ++at) quoted_[at] = name[at];
    quoted_[size_] = '"';
  }
  constexpr std::string_view view() const { return {quoted_, size_}; }

  // True if the text that begins behind the opening quote is exactly this name. A block must be
  // readable from there, and from each byte that is equal.
  bool Begins(const char* text) const {
    if (size_ < kJsonBlock) return Equal(EqualBytes(text, quoted_), size_ + 1);
    return Equal(EqualBytes(text, quoted_), kJsonBlock) &&
           Equal(EqualBytes(text + kJsonBlock, quoted_ + kJsonBlock), size_ + 1 - kJsonBlock);
  }

 private:
  static bool Equal(unsigned bytes, std::size_t count) {
    const unsigned all = (1U << count) - 1;
    return (bytes & all) == all;
  }

  char quoted_[2 * kJsonBlock] = {};  // with the closing quote
  std::size_t size_;
};

// Reads one document of RFC 8259, but does not check that strings are valid UTF-8. Half a surrogate
// pair becomes U+FFFD, see ReplaceLoneSurrogates.
//
// After an error the scanner behaves as at the end of the text, and `error` keeps the first error.
// So a caller checks once, after it has read everything.
class JsonScanner {
 public:
  // Deeper nesting is an error: no answer has it, and a bomb of brackets must not overflow the
  // stack.
  static constexpr int kMostNested = 100;

  // Strings are unescaped in place: views into `text` stay valid until it is changed or moved. The
  // text must outlive the scanner, and must not be changed by others in the meantime.
  explicit JsonScanner(std::string& text) : text_(text), size_(text.size()) {
    text.append(kJsonBlock, '\0');  // so that each block that begins in the text can be loaded
    at_ = text.data();
  }
  ~JsonScanner() { text_.resize(size_); }
  JsonScanner(const JsonScanner&) = delete;
  JsonScanner& operator=(const JsonScanner&) = delete;

  // True if the next value begins with this character: '{' for an object, '[' for a list, '"' for
  // a string.
  bool NextIs(char first) {
    SkipBlanks();
    return *at_ == first;
  }

  // Reads a value of this type; skips one of another type and leaves `value` unchanged.
  void Read(std::string_view& value) {
    if (!NextIs('"')) return Skip();
    value = ReadString();
  }
  void Read(bool& value);
  void Read(std::uint64_t& value);
  void Read(std::int64_t& value);
  // Steps over a number, true, false or null and returns its text.
  std::string_view ReadLiteral();

  // for (bool more = EnterObject(); more; more = NextMember()): the loop must take or read the name
  // of each member, and read or skip its value.
  bool EnterObject();
  bool NextMember() {
    if (Take(',')) return ExpectName();
    return Leave('}', rapidjson::kParseErrorObjectMissCommaOrCurlyBracket);
  }
  // Steps over the name of the member if it is this one. To compare with an expected name is faster
  // than to read a name and look it up.
  bool TakeName(const JsonName& name) {
    if (!name.Begins(at_ + 1)) return false;
    at_ += name.view().size() + 2;
    TakeColon();
    return true;
  }
  std::string_view ReadName() {
    const std::string_view name = ReadString();
    TakeColon();
    return name;
  }

  // for (bool more = EnterList(); more; more = NextElement()): the loop must read or skip
  // each element.
  bool EnterList();
  bool NextElement() {
    return Take(',') || Leave(']', rapidjson::kParseErrorArrayMissCommaOrSquareBracket);
  }

  // Steps over a value of any type.
  void Skip();

  // Call it behind the document: anything but white space there is an error.
  void Finish();

  // The first error: RapidJSON's code for it, and its byte offset.
  bool failed() const { return error_ != rapidjson::kParseErrorNone; }
  rapidjson::ParseErrorCode error() const { return error_; }
  std::size_t error_offset() const { return error_offset_; }
  // The same as text: "not JSON: Invalid value. (at byte 3 of 20)".
  std::string ErrorText() const;

 private:
  const char* End() const { return text_.data() + size_; }
  // One comparison decides most cases: blanks are rare.
  static bool IsBlank(char c) {
    return static_cast<unsigned char>(c) <= ' ' &&
           (c == ' ' || c == '\n' || c == '\r' || c == '\t');
  }
  void SkipBlanks() {
    while (IsBlank(*at_)) ++at_;
  }
  bool Take(char c) {
    SkipBlanks();
    if (*at_ != c) return false;
    ++at_;
    return true;
  }
  bool ExpectName() {
    if (NextIs('"')) return true;
    Fail(rapidjson::kParseErrorObjectMissName);
    return false;
  }
  void TakeColon() {
    if (!Take(':')) Fail(rapidjson::kParseErrorObjectMissColon);
  }
  bool Enter(char first);
  // Always returns false: there are no more elements.
  bool Leave(char last, rapidjson::ParseErrorCode otherwise) {
    if (!Take(last)) Fail(otherwise);
    --depth_;
    return false;
  }
  // at_ is at the opening quote.
  std::string_view ReadString() {
    char* const begin = ++at_;
    std::size_t plain = PlainBytes(at_);
    for (; plain == kJsonBlock; plain = PlainBytes(at_)) at_ += kJsonBlock;
    at_ += plain;
    if (*at_ != '"') return Unescape(begin);
    return {begin, static_cast<std::size_t>(at_++ - begin)};
  }
  std::string_view Unescape(char* begin);
  char* TakeEscape(char* to);
  char* TakeUnicode(char* to);
  int TakeUnit();
  std::string_view TakeNumber();
  bool TakeDigits();
  bool TakeWord(std::string_view word);
  void Fail(rapidjson::ParseErrorCode error);

  std::string& text_;
  std::size_t size_;  // without the block behind it
  char* at_;          // at the zero byte behind the text at the latest: no value contains it
  int depth_ = 0;
  rapidjson::ParseErrorCode error_ = rapidjson::kParseErrorNone;
  std::size_t error_offset_ = 0;
};

}  // namespace dbxes

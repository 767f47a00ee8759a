// SPDX-License-Identifier: Apache-2.0
// JSON by asking for what comes next, in place: for listing pages, which are most of what a run
// reads. It takes less than half of the instructions of RapidJSON's reader, which serves elsewhere:
// a string without escapes is neither copied nor written to, and what a caller knows need not be
// remembered from one event to the next.
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

  // Whether the text that begins behind the opening quote is this name, and ends there. A block has
  // to be readable from there on, and from each byte that is equal.
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

// Takes one document as RFC 8259 has it, but does not look at whether strings are valid UTF-8. Half
// a surrogate pair becomes U+FFFD, see MendLoneSurrogates.
//
// After a mistake nothing more comes: every question is answered as at the end of the text, and
// `error` tells what was wrong first. So a caller need not look before it is through.
class JsonScanner {
 public:
  // What is nested deeper than any answer is refused: a bomb of brackets must not overflow the
  // stack.
  static constexpr int kMostNested = 100;

  // Strings are unescaped where they stand: views into `text` stay valid as long as it is neither
  // changed nor moved. It has to outlive the scanner, and must not be touched meanwhile.
  explicit JsonScanner(std::string& text) : text_(text), size_(text.size()) {
    text.append(kJsonBlock, '\0');  // so that each block that begins in the text can be loaded
    at_ = text.data();
  }
  ~JsonScanner() { text_.resize(size_); }
  JsonScanner(const JsonScanner&) = delete;
  JsonScanner& operator=(const JsonScanner&) = delete;

  // Whether the next value begins like this: an object ('{'), a list ('['), a string ('"').
  bool NextIs(char first) {
    SkipBlanks();
    return *at_ == first;
  }

  // Read a value of this type; one of another type is skipped, and `value` stays as it is.
  void Read(std::string_view& value) {
    if (!NextIs('"')) return Skip();
    value = ReadString();
  }
  void Read(bool& value);
  void Read(std::uint64_t& value);

  // for (bool more = EnterObject(); more; more = NextMember()): for each member, name and value
  // have to be read or skipped.
  bool EnterObject();
  bool NextMember() {
    if (Take(',')) return StandsOnName();
    return Leave('}', rapidjson::kParseErrorObjectMissCommaOrCurlyBracket);
  }
  // Steps over the name of the member if it is this one, which needs no escape. What the caller
  // knows of the text is faster compared than found.
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

  // for (bool more = EnterList(); more; more = NextElement()): each element has to be read or
  // skipped.
  bool EnterList();
  bool NextElement() {
    return Take(',') || Leave(']', rapidjson::kParseErrorArrayMissCommaOrSquareBracket);
  }

  // Steps over a value of any type.
  void Skip();

  // To be called behind the document: nothing may follow but white space.
  void Finish();

  // The first mistake: RapidJSON's code for it, and the byte where it is.
  bool failed() const { return error_ != rapidjson::kParseErrorNone; }
  rapidjson::ParseErrorCode error() const { return error_; }
  std::size_t error_offset() const { return error_offset_; }

 private:
  const char* End() const { return text_.data() + size_; }
  // Most often there is none.
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
  bool StandsOnName() {
    if (NextIs('"')) return true;
    Fail(rapidjson::kParseErrorObjectMissName);
    return false;
  }
  void TakeColon() {
    if (!Take(':')) Fail(rapidjson::kParseErrorObjectMissColon);
  }
  bool Enter(char first);
  // Always false: there is no more.
  bool Leave(char last, rapidjson::ParseErrorCode otherwise) {
    if (!Take(last)) Fail(otherwise);
    --depth_;
    return false;
  }
  // Stands on the opening quote.
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
  char* at_;          // never behind the zero byte at the end, which is no part of any value
  int depth_ = 0;
  rapidjson::ParseErrorCode error_ = rapidjson::kParseErrorNone;
  std::size_t error_offset_ = 0;
};

}  // namespace dbxes

// SPDX-License-Identifier: Apache-2.0
#include "base/json/json_scanner.h"

#include <rapidjson/encodings.h>

#include <charconv>
#include <cstring>

#include "base/json/surrogates.h"

namespace dbxes {
namespace {

constexpr int kReplacement = 0xfffd;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// What a letter after a backslash stands for; 0 for none.
char Unescaped(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

struct Bytes {
  char* to;
  void Put(char byte) { *to++ = byte; }
};

}  // namespace

void JsonScanner::Fail(rapidjson::ParseErrorCode error) {
  if (!failed()) {
    error_ = error;
    error_offset_ = static_cast<std::size_t>(at_ - text_.data());
  }
  at_ = text_.data() + size_;
}

bool JsonScanner::Enter(char first) {
  if (!Take(first)) {
    Fail(rapidjson::kParseErrorValueInvalid);
    return false;
  }
  if (++depth_ <= kMostNested) return true;
  Fail(rapidjson::kParseErrorTermination);
  return false;
}

bool JsonScanner::EnterObject() {
  if (!Enter('{')) return false;
  return NextIs('}') ? NextMember() : StandsOnName();
}

bool JsonScanner::EnterList() {
  if (!Enter('[')) return false;
  return NextIs(']') ? NextElement() : true;
}

void JsonScanner::Skip() {
  SkipBlanks();
  switch (*at_) {
    case '{':
      for (bool more = EnterObject(); more; more = NextMember()) {
        ReadName();
        Skip();
      }
      return;
    case '[':
      for (bool more = EnterList(); more; more = NextElement()) Skip();
      return;
    case '"':
      ReadString();
      return;
    case 't':
      TakeWord("true");
      return;
    case 'f':
      TakeWord("false");
      return;
    case 'n':
      TakeWord("null");
      return;
    default:
      TakeNumber();
  }
}

void JsonScanner::Read(bool& value) {
  SkipBlanks();
  if (*at_ != 't' && *at_ != 'f') return Skip();
  const bool truth = *at_ == 't';
  if (TakeWord(truth ? "true" : "false")) value = truth;
}

void JsonScanner::Read(std::uint64_t& value) {
  SkipBlanks();
  if (!IsDigit(*at_)) return Skip();
  const std::string_view digits = TakeNumber();
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = parsed.ptr == digits.data() + digits.size();
  if (whole && parsed.ec == std::errc()) value = number;
}

void JsonScanner::Finish() {
  SkipBlanks();
  if (at_ != End()) Fail(rapidjson::kParseErrorDocumentRootNotSingular);
}

bool JsonScanner::TakeWord(std::string_view word) {
  // What is compared ends with the zero byte at the latest.
  if (std::strncmp(at_, word.data(), word.size()) != 0) {
    Fail(rapidjson::kParseErrorValueInvalid);
    return false;
  }
  at_ += word.size();
  return true;
}

bool JsonScanner::TakeDigits() {
  const char* const begin = at_;
  while (IsDigit(*at_)) ++at_;
  return at_ != begin;
}

std::string_view JsonScanner::TakeNumber() {
  const char* const begin = at_;
  const bool empty = at_ == End() && depth_ == 0;
  if (*at_ == '-') ++at_;
  if (*at_ == '0') {
    ++at_;
  } else if (!TakeDigits()) {
    Fail(empty ? rapidjson::kParseErrorDocumentEmpty : rapidjson::kParseErrorValueInvalid);
    return {};
  }
  if (*at_ == '.') {
    ++at_;
    if (!TakeDigits()) Fail(rapidjson::kParseErrorNumberMissFraction);
  }
  if (*at_ == 'e' || *at_ == 'E') {
    ++at_;
    if (*at_ == '+' || *at_ == '-') ++at_;
    if (!TakeDigits()) Fail(rapidjson::kParseErrorNumberMissExponent);
  }
  return {begin, static_cast<std::size_t>(at_ - begin)};
}

// Stands on what is not plain. What is unescaped takes less room than before, so it never overtakes
// what is still to be read.
std::string_view JsonScanner::Unescape(char* begin) {
  char* to = at_;
  while (*at_ == '\\') {
    to = TakeEscape(to);
    std::size_t plain = kJsonBlock;
    while (plain == kJsonBlock) {
      plain = PlainBytes(at_);
      std::memmove(to, at_, plain);
      at_ += plain;
      to += plain;
    }
  }
  if (*at_ == '"') {
    ++at_;
    return {begin, static_cast<std::size_t>(to - begin)};
  }
  Fail(at_ == End() ? rapidjson::kParseErrorStringMissQuotationMark
                    : rapidjson::kParseErrorStringEscapeInvalid);
  return {};
}

// Stands on a backslash.
char* JsonScanner::TakeEscape(char* to) {
  if (at_[1] == 'u') return TakeUnicode(to);
  const char c = Unescaped(at_[1]);
  if (c == '\0') {
    Fail(rapidjson::kParseErrorStringEscapeInvalid);
    return to;
  }
  at_ += 2;
  *to = c;
  return to + 1;
}

// One escape, or the two of a pair.
char* JsonScanner::TakeUnicode(char* to) {
  int code = TakeUnit();
  if (code == kNoUnit) return to;
  if (IsHighSurrogate(code) && at_[0] == '\\' && at_[1] == 'u') {
    char* const second = at_;
    const int low = TakeUnit();
    if (low == kNoUnit) return to;
    if (IsLowSurrogate(low)) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else {
      at_ = second;  // a character of its own
    }
  }
  if (IsHighSurrogate(code) || IsLowSurrogate(code)) code = kReplacement;
  Bytes bytes{to};
  rapidjson::UTF8<>::Encode(bytes, static_cast<unsigned>(code));
  return bytes.to;
}

// Of "\u00e9", on whose backslash it stands.
int JsonScanner::TakeUnit() {
  // It stops at the zero byte at the latest, which is followed by others.
  const int unit = EscapedUnit(at_ + 2);
  if (unit == kNoUnit) {
    Fail(rapidjson::kParseErrorStringUnicodeEscapeInvalidHex);
  } else {
    at_ += 6;
  }
  return unit;
}

}  // namespace dbxes

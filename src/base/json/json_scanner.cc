// SPDX-License-Identifier: Apache-2.0
#include "base/json/json_scanner.h"

#include <fmt/format.h>
#include <rapidjson/encodings.h>
#include <rapidjson/error/en.h>

#include <charconv>
#include <cstring>

#include "base/json/surrogates.h"

namespace dbxes {
namespace {

constexpr int kReplacement = 0xfffd;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The character that a letter after a backslash means; 0 if none.
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

// A number that is not whole, or does not fit, leaves the value unchanged.
template <class Number>
void SetIfWhole(std::string_view digits, Number& value) {
  Number number = 0;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (parsed.ptr == end && parsed.ec == std::errc()) value = number;
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

std::string JsonScanner::ErrorText() const {
  return fmt::format("not JSON: {} (at byte {} of {})", rapidjson::GetParseError_En(error_),
                     error_offset_, size_);
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
  return NextIs('}') ? NextMember() : ExpectName();
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
  SetIfWhole(TakeNumber(), value);
}

void JsonScanner::Read(std::int64_t& value) {
  SkipBlanks();
  if (!IsDigit(*at_) && *at_ != '-') return Skip();
  SetIfWhole(TakeNumber(), value);
}

std::string_view JsonScanner::ReadLiteral() {
  SkipBlanks();
  const char* const begin = at_;
  Skip();
  return failed() ? std::string_view()
                  : std::string_view(begin, static_cast<std::size_t>(at_ - begin));
}

void JsonScanner::Finish() {
  SkipBlanks();
  if (at_ != End()) Fail(rapidjson::kParseErrorDocumentRootNotSingular);
}

bool JsonScanner::TakeWord(std::string_view word) {
  // The comparison ends at the zero byte behind the text at the latest.
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

// at_ is at a byte that is not plain. Unescaped text is shorter than its escapes, so writing never
// overtakes reading.
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

// at_ is at a backslash.
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

// Takes one escape, or both escapes of a surrogate pair.
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
      at_ = second;  // a separate character
    }
  }
  if (IsHighSurrogate(code) || IsLowSurrogate(code)) code = kReplacement;
  Bytes bytes{to};
  rapidjson::UTF8<>::Encode(bytes, static_cast<unsigned>(code));
  return bytes.to;
}

// Takes an escape such as "\u00e9"; at_ is at its backslash.
int JsonScanner::TakeUnit() {
  // Stops at the zero byte behind the text at the latest; more zero bytes follow it.
  const int unit = EscapedUnit(at_ + 2);
  if (unit == kNoUnit) {
    Fail(rapidjson::kParseErrorStringUnicodeEscapeInvalidHex);
  } else {
    at_ += 6;
  }
  return unit;
}

}  // namespace dbxes

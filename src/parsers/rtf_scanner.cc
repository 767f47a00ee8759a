// SPDX-License-Identifier: Apache-2.0
#include "parsers/rtf_scanner.h"

#include <algorithm>

#include "base/ascii.h"

namespace dbxes::parsers {
namespace {

constexpr int kMostValue = 100'000'000;  // more is no number of RTF, but for \bin

bool IsLetter(char c) { return LowerAscii(c) >= 'a' && LowerAscii(c) <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

RtfToken RtfScanner::Next() {
  using Kind = RtfToken::Kind;
  while (at_ < bytes_.size()) {
    const char c = bytes_[at_++];
    switch (c) {
      case '{':
        return {Kind::kOpen, {}, 0, false, 0};
      case '}':
        return {Kind::kClose, {}, 0, false, 0};
      case '\\':
        if (const auto control = NextControl()) return *control;
        continue;
      case '\r':
      case '\n':
      case '\0':
        continue;  // line breaks in the file mean nothing
      default:
        return {Kind::kByte, {}, 0, false, c};
    }
  }
  return {};
}

std::optional<RtfToken> RtfScanner::NextControl() {
  using Kind = RtfToken::Kind;
  if (at_ >= bytes_.size()) return std::nullopt;
  const char c = bytes_[at_];
  if (IsLetter(c)) return ControlWord();
  ++at_;
  if (c != '\'') return RtfToken{Kind::kWord, bytes_.substr(at_ - 1, 1), 0, false, 0};
  const int high = at_ < bytes_.size() ? HexDigit(bytes_[at_]) : -1;
  const int low = at_ + 1 < bytes_.size() ? HexDigit(bytes_[at_ + 1]) : -1;
  if (high < 0 || low < 0) return std::nullopt;
  at_ += 2;
  return RtfToken{Kind::kByte, {}, 0, false, static_cast<char>(high * 16 + low)};
}

RtfToken RtfScanner::ControlWord() {
  RtfToken token;
  token.kind = RtfToken::Kind::kWord;
  const std::size_t begin = at_;
  while (at_ < bytes_.size() && IsLetter(bytes_[at_])) ++at_;
  token.word = bytes_.substr(begin, at_ - begin);
  const bool negative = at_ + 1 < bytes_.size() && bytes_[at_] == '-' && IsDigit(bytes_[at_ + 1]);
  if (negative) ++at_;
  for (; at_ < bytes_.size() && IsDigit(bytes_[at_]); ++at_) {
    token.has_value = true;
    if (token.value < kMostValue) token.value = token.value * 10 + (bytes_[at_] - '0');
  }
  if (negative) token.value = -token.value;
  // One space ends the word and belongs to it.
  if (at_ < bytes_.size() && bytes_[at_] == ' ') ++at_;
  if (token.word == "bin" && token.value > 0) {
    at_ += std::min(bytes_.size() - at_, static_cast<std::size_t>(token.value));
  }
  return token;
}

}  // namespace dbxes::parsers

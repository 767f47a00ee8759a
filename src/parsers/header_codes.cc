// SPDX-License-Identifier: Apache-2.0
#include "parsers/header_codes.h"

#include <algorithm>

namespace dbxes::parsers {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// How many characters the code after an ampersand has.
std::size_t LengthOfCode(std::string_view text) {
  constexpr std::size_t kColour = 7;  // "K" and six digits, or "K01+000"
  if (text.empty()) return 0;
  if (text.front() == '"') return std::min(text.find('"', 1), text.size() - 1) + 1;
  if (text.front() == 'K') return std::min(kColour, text.size());
  std::size_t length = 1;
  while (IsDigit(text.front()) && length < text.size() && IsDigit(text[length])) ++length;
  return length;
}

}  // namespace

std::string WithoutHeaderCodes(std::string_view header) {
  constexpr std::string_view kSections = "LCR";
  std::string text;
  while (!header.empty()) {
    const std::size_t ampersand = std::min(header.find('&'), header.size());
    text += header.substr(0, ampersand);
    header.remove_prefix(std::min(ampersand + 1, header.size()));
    if (header.empty()) break;
    if (header.front() == '&') text += '&';
    if (kSections.find(header.front()) != std::string_view::npos && !text.empty()) text += '\t';
    header.remove_prefix(LengthOfCode(header));
  }
  const std::size_t last = text.find_last_not_of(" \t\n");
  text.resize(last == std::string::npos ? 0 : last + 1);
  return text;
}

}  // namespace dbxes::parsers

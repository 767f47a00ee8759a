// SPDX-License-Identifier: Apache-2.0
#include "content/markup_scanner.h"

#include <algorithm>

#include "base/ascii.h"

namespace dbxes::content {
namespace {

constexpr std::size_t kMostAttributes = 256;  // of one tag that are kept
constexpr std::string_view kSpaces = " \t\n\r\f";

bool IsSpace(char c) { return kSpaces.find(c) != std::string_view::npos; }

bool IsLetter(char c) { return LowerAscii(c) >= 'a' && LowerAscii(c) <= 'z'; }

// Whether `text` begins with the name, in any case, and the name ends there.
bool HasName(std::string_view text, std::string_view name) {
  if (text.size() < name.size() || !EqualIgnoringCase(text.substr(0, name.size()), name)) {
    return false;
  }
  const char next = text.size() > name.size() ? text[name.size()] : '>';
  return IsSpace(next) || next == '/' || next == '>';
}

}  // namespace

std::string_view MarkupToken::Attribute(std::string_view attribute) const {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(), [attribute](const auto& one) {
        return one.first.size() == attribute.size() && EqualIgnoringCase(one.first, attribute);
      });
  return found == attributes.end() ? std::string_view() : found->second;
}

MarkupToken MarkupScanner::Next() {
  using Kind = MarkupToken::Kind;
  while (!rest_.empty()) {
    if (rest_.front() != '<' || !IsMarkup()) return {Kind::kText, Take(NextMarkup())};
    if (Starts("<!--")) {
      SkipComment();
    } else if (Starts("<![CDATA[")) {
      Take(std::string_view("<![CDATA[").size());
      const std::string_view text = Take(rest_.find("]]>"));
      SkipPast("]]>");
      return {Kind::kVerbatim, text};
    } else if (rest_[1] == '!' || rest_[1] == '?') {
      SkipDeclaration();
    } else if (rest_[1] == '/' && !IsLetter(rest_[2])) {
      SkipPast(">");  // "</>", "</1>": a comment that is none
    } else {
      return TakeTag();
    }
  }
  return {};
}

bool MarkupScanner::IsMarkup() const {
  if (rest_.size() < 2) return false;
  const char next = rest_[1];
  return next == '!' || next == '?' || IsLetter(next) || (next == '/' && rest_.size() > 2);
}

// A "<" that does not begin markup is text, as is everything up to the next one.
std::size_t MarkupScanner::NextMarkup() const { return rest_.find('<', 1); }

std::string_view MarkupScanner::Take(std::size_t length) {
  const std::string_view taken = rest_.substr(0, length);
  rest_.remove_prefix(taken.size());
  return taken;
}

void MarkupScanner::SkipPast(std::string_view end) {
  const std::size_t found = rest_.find(end);
  rest_.remove_prefix(found == std::string_view::npos ? rest_.size() : found + end.size());
}

// "<!-->" and "<!--->" are whole comments, and "--!>" ends one, too.
void MarkupScanner::SkipComment() {
  Take(std::string_view("<!--").size());
  if (Starts(">") || Starts("->")) return SkipPast(">");
  while (!rest_.empty()) {
    rest_.remove_prefix(std::min(rest_.find("--"), rest_.size()));
    if (Starts("-->") || Starts("--!>")) return SkipPast(">");
    Take(1);
  }
}

// A document type may contain declarations in brackets.
void MarkupScanner::SkipDeclaration() {
  const std::size_t stop = rest_.find_first_of("[>");
  const bool brackets = stop != std::string_view::npos && rest_[stop] == '[';
  if (brackets) SkipPast("]");
  SkipPast(">");
}

MarkupToken MarkupScanner::TakeTag() {
  MarkupToken token;
  const bool closes = rest_[1] == '/';
  token.kind = closes ? MarkupToken::Kind::kClose : MarkupToken::Kind::kOpen;
  Take(closes ? 2 : 1);
  token.name = LowerAscii(Take(rest_.find_first_of(" \t\n\r\f/>")));
  while (TakeAttribute(token)) {
  }
  return token;
}

// False at the end of the tag. A quotation mark is one only right after an equals sign.
bool MarkupScanner::TakeAttribute(MarkupToken& token) {
  while (!rest_.empty() && (IsSpace(rest_.front()) || rest_.front() == '/')) {
    token.self_closing = Starts("/>");
    Take(1);
  }
  if (rest_.empty()) return false;
  if (rest_.front() == '>') {
    Take(1);
    return false;
  }
  token.self_closing = false;
  // An equals sign at the beginning belongs to the name.
  const std::string_view name = Take(rest_.find_first_of(" \t\n\r\f/>=", 1));
  const std::size_t next = rest_.find_first_not_of(kSpaces);
  std::string_view value;
  if (next != std::string_view::npos && rest_[next] == '=') {
    Take(next + 1);
    value = TakeAttributeValue();
  }
  if (token.attributes.size() < kMostAttributes) token.attributes.emplace_back(name, value);
  return true;
}

std::string_view MarkupScanner::TakeAttributeValue() {
  Take(std::min(rest_.find_first_not_of(kSpaces), rest_.size()));
  if (!Starts("\"") && !Starts("'")) return Take(rest_.find_first_of(" \t\n\r\f>"));
  const char quote = Take(1).front();
  const std::string_view value = Take(rest_.find(quote));
  Take(1);
  return value;
}

std::string_view MarkupScanner::TakeRawContent(std::string_view name) {
  const std::string_view content = Take(EndOfRaw(name));
  SkipPast(">");
  return content;
}

std::size_t MarkupScanner::EndOfRaw(std::string_view name) const {
  const bool script = name == "script";
  bool comment = false;
  bool nested = false;  // within a script in the comment
  for (std::size_t at = rest_.find_first_of("<-"); at != std::string_view::npos;
       at = rest_.find_first_of("<-", at + 1)) {
    const std::string_view here = rest_.substr(at);
    if (here.starts_with("</") && HasName(here.substr(2), name)) {
      if (!nested) return at;
      nested = false;
    } else if (script && here.starts_with("<!--")) {
      comment = true;
    } else if (script && here.starts_with("-->")) {
      comment = nested = false;
    } else if (comment && here.front() == '<' && HasName(here.substr(1), name)) {
      nested = true;
    }
  }
  return std::string_view::npos;
}

// What was searched for in vain is not searched for again, so that the time stays linear.
bool MarkupScanner::HasClosingTag(std::string_view name) {
  const auto known = std::find(without_closing_.begin(), without_closing_.end(), name);
  if (known != without_closing_.end()) return false;
  for (std::size_t at = rest_.find("</"); at != std::string_view::npos;
       at = rest_.find("</", at + 2)) {
    if (HasName(rest_.substr(at + 2), name)) return true;
  }
  without_closing_.emplace_back(name);
  return false;
}

}  // namespace dbxes::content

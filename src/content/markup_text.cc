// SPDX-License-Identifier: Apache-2.0
#include "content/markup_text.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "content/entities.h"

namespace dbxes::content {
namespace {

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool IsLetter(char c) { return LowerAscii(c) >= 'a' && LowerAscii(c) <= 'z'; }

// Returns one tag or piece of character data after the other. One without an end extends to the end
// of the input, so that no input is read twice.
class Scanner {
 public:
  struct Token {
    enum Kind { kEnd, kText, kVerbatim, kOpen, kClose } kind = kEnd;
    std::string_view text;  // of kText and kVerbatim (CDATA)
    std::string name;       // of a tag, in lower case
  };

  explicit Scanner(std::string_view markup) : rest_(markup) {}

  Token Next() {
    while (!rest_.empty()) {
      if (rest_.front() != '<' || !IsMarkup()) return {Token::kText, Take(NextLessThan()), {}};
      if (Starts("<!--")) {
        SkipPast("-->");
      } else if (Starts("<![CDATA[")) {
        rest_.remove_prefix(std::string_view("<![CDATA[").size());
        const std::string_view text = Take(rest_.find("]]>"));
        SkipPast("]]>");
        return {Token::kVerbatim, text, {}};
      } else if (rest_[1] == '!' || rest_[1] == '?') {
        SkipDeclaration();
      } else {
        return TakeTag();
      }
    }
    return {};
  }

  // Skips the closing tag of an element whose content is not markup.
  void SkipElement(std::string_view name) {
    for (std::size_t at = rest_.find("</"); at != std::string_view::npos;
         at = rest_.find("</", at + 2)) {
      const std::string_view found = rest_.substr(at + 2, name.size());
      if (!std::equal(found.begin(), found.end(), name.begin(), name.end(),
                      [](char left, char right) { return LowerAscii(left) == right; })) {
        continue;
      }
      rest_.remove_prefix(at);
      return SkipPast(">");
    }
    rest_ = {};
  }

 private:
  bool Starts(std::string_view text) const { return rest_.substr(0, text.size()) == text; }
  bool IsMarkup() const {
    if (rest_.size() < 2) return false;
    const char next = rest_[1];
    return next == '!' || next == '?' || IsLetter(next) ||
           (next == '/' && rest_.size() > 2 && IsLetter(rest_[2]));
  }
  // A "<" that does not begin markup is text, as is everything up to the next one.
  std::size_t NextLessThan() const { return rest_.find('<', 1); }
  std::string_view Take(std::size_t length) {
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  void SkipPast(std::string_view end) {
    const std::size_t found = rest_.find(end);
    rest_.remove_prefix(found == std::string_view::npos ? rest_.size() : found + end.size());
  }
  // A document type may contain declarations in brackets.
  void SkipDeclaration() {
    const std::size_t stop = rest_.find_first_of("[>");
    const bool brackets = stop != std::string_view::npos && rest_[stop] == '[';
    if (brackets) SkipPast("]");
    SkipPast(">");
  }
  Token TakeTag() {
    Token token;
    token.kind = rest_[1] == '/' ? Token::kClose : Token::kOpen;
    std::size_t at = token.kind == Token::kClose ? 2 : 1;
    while (at < rest_.size() && !IsSpace(rest_[at]) && rest_[at] != '>' && rest_[at] != '/') {
      token.name += LowerAscii(rest_[at++]);
    }
    while (at != std::string_view::npos) {
      at = rest_.find_first_of("\"'>", at);
      if (at == std::string_view::npos || rest_[at] == '>') break;
      const std::size_t closing = rest_.find(rest_[at], at + 1);
      at = closing == std::string_view::npos ? closing : closing + 1;
    }
    Take(at == std::string_view::npos ? rest_.size() : at + 1);
    return token;
  }

  std::string_view rest_;
};

constexpr std::array<std::string_view, 4> kNoText{"script", "style", "template", "svg"};
constexpr std::array<std::string_view, 44> kBreaks{
    "address", "article", "aside",  "blockquote", "body",    "br",    "caption",  "center",
    "dd",      "details", "dialog", "div",        "dl",      "dt",    "fieldset", "figcaption",
    "figure",  "footer",  "form",   "h1",         "h2",      "h3",    "h4",       "h5",
    "h6",      "head",    "header", "hr",         "li",      "main",  "nav",      "ol",
    "option",  "p",       "pre",    "section",    "summary", "table", "tbody",    "textarea",
    "thead",   "tr",      "ul",     "title"};

template <std::size_t N>
bool IsOneOf(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class HtmlReader {
 public:
  explicit HtmlReader(std::string_view html) : scanner_(html) {}

  MarkupText Read() {
    using Token = Scanner::Token;
    for (Token token = scanner_.Next(); token.kind != Token::kEnd; token = scanner_.Next()) {
      if (token.kind == Token::kText || token.kind == Token::kVerbatim) {
        AddText(token.text);
      } else {
        OnTag(token.name, token.kind == Token::kOpen);
      }
    }
    while (!result_.text.empty() && IsSpace(result_.text.back())) result_.text.pop_back();
    return std::move(result_);
  }

 private:
  void OnTag(std::string_view name, bool opens) {
    if (opens && IsOneOf(name, kNoText)) return scanner_.SkipElement(name);
    if (name == "title") in_title_ = opens && result_.title.empty();
    if (name == "pre" || name == "textarea") preformatted_ = opens;
    if (name == "td" || name == "th") space_ = true;
    if (IsOneOf(name, kBreaks)) Break();
  }
  void Break() {
    space_ = false;
    if (!result_.text.empty() && result_.text.back() != '\n') result_.text += '\n';
  }
  void AddText(std::string_view raw) {
    resolved_.clear();
    AppendResolved(raw, resolved_);
    std::string& out = in_title_ ? result_.title : result_.text;
    for (const char c : resolved_) {
      if (IsSpace(c) && !preformatted_) {
        space_ = true;
        continue;
      }
      if (space_ && !out.empty() && !IsSpace(out.back())) out += ' ';
      space_ = false;
      out += c;
    }
  }

  Scanner scanner_;
  MarkupText result_;
  std::string resolved_;
  bool space_ = false;  // white space since the last character
  bool in_title_ = false;
  bool preformatted_ = false;
};

}  // namespace

MarkupText HtmlToText(std::string_view html) { return HtmlReader(html).Read(); }

std::string XmlToText(std::string_view xml) {
  using Token = Scanner::Token;
  Scanner scanner(xml);
  std::string text;
  for (Token token = scanner.Next(); token.kind != Token::kEnd; token = scanner.Next()) {
    if (token.kind == Token::kText) {
      AppendResolved(token.text, text);
    } else if (token.kind == Token::kVerbatim) {
      text += token.text;
    } else if (!text.empty() && !IsSpace(text.back())) {
      text += ' ';  // separates elements
    }
  }
  return text;
}

}  // namespace dbxes::content

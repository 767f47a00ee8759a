// SPDX-License-Identifier: Apache-2.0
#include "content/markup_text.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "content/entities.h"
#include "content/markup_scanner.h"

namespace dbxes::content {
namespace {

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

// Their content is no markup.
constexpr std::array<std::string_view, 5> kRaw{"script", "style", "iframe", "noembed", "noframes"};
// The same, but character references count.
constexpr std::array<std::string_view, 3> kReferences{"title", "textarea", "xmp"};
// In a drawing, they describe it and are not seen.
constexpr std::array<std::string_view, 3> kOfDrawing{"title", "desc", "metadata"};
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
  explicit HtmlReader(std::string_view html)
      : scanner_(html),
        xhtml_(html.substr(0, kLongestStart).find("<?xml") != std::string_view::npos) {}

  MarkupText Read() {
    using Kind = MarkupToken::Kind;
    for (MarkupToken token = scanner_.Next(); token.kind != Kind::kEnd; token = scanner_.Next()) {
      if (token.kind == Kind::kText || token.kind == Kind::kVerbatim) {
        AddText(token.text, result_.text);
      } else if (token.kind == Kind::kOpen) {
        OnOpen(token);
      } else {
        OnClose(token.name);
      }
    }
    while (!result_.text.empty() && IsSpace(result_.text.back())) result_.text.pop_back();
    return std::move(result_);
  }

 private:
  void OnOpen(const MarkupToken& token) {
    const std::string& name = token.name;
    if (name == "html") {
      if (!token.Attribute("xmlns").empty()) xhtml_ = true;
      result_.language = Resolved(token.Attribute("lang"));
    }
    if (name == "meta" && EqualIgnoringCase(token.Attribute("name"), "author")) {
      if (result_.author.empty()) result_.author = Resolved(token.Attribute("content"));
    }
    if (IsOneOf(name, kBreaks)) Break();
    if (name == "td" || name == "th") space_ = true;
    if (IsEmpty(token)) return;
    if (name == "svg") ++drawings_;
    if (name == "template" || IsOneOf(name, kRaw) || (drawings_ > 0 && IsOneOf(name, kOfDrawing))) {
      scanner_.TakeRawContent(name);
    } else if (IsOneOf(name, kReferences)) {
      AddReferences(name);
    } else if (name == "pre") {
      preformatted_ = true;
    }
  }
  void OnClose(std::string_view name) {
    if (name == "svg" && drawings_ > 0) --drawings_;
    if (name == "pre") preformatted_ = false;
    if (name == "td" || name == "th" || (name == "text" && drawings_ > 0)) space_ = true;
    if (IsOneOf(name, kBreaks)) Break();
  }

  // Whether the tag is a whole element.
  bool IsEmpty(const MarkupToken& token) {
    if (!token.self_closing) return false;
    const bool takes_all = IsOneOf(token.name, kRaw) || IsOneOf(token.name, kReferences);
    return xhtml_ || drawings_ > 0 || (takes_all && !scanner_.HasClosingTag(token.name));
  }

  void AddReferences(std::string_view name) {
    const std::string_view content = scanner_.TakeRawContent(name);
    if (name != "title") {
      preformatted_ = true;
      AddText(content, result_.text);
      preformatted_ = false;
      Break();
    } else if (result_.title.empty()) {
      AddText(content, result_.title);
      space_ = false;
    }
  }

  static std::string Resolved(std::string_view raw) {
    std::string text;
    AppendResolved(raw, text);
    return text;
  }

  void Break() {
    space_ = false;
    if (!result_.text.empty() && result_.text.back() != '\n') result_.text += '\n';
  }
  void AddText(std::string_view raw, std::string& out) {
    resolved_.clear();
    AppendResolved(raw, resolved_);
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

  static constexpr std::size_t kLongestStart = 64;  // white space before the declaration of XML

  MarkupScanner scanner_;
  MarkupText result_;
  std::string resolved_;
  bool xhtml_;
  int drawings_ = 0;    // depth within <svg>
  bool space_ = false;  // white space since the last character
  bool preformatted_ = false;
};

std::string_view LocalName(std::string_view name) { return name.substr(name.rfind(':') + 1); }

// Elements of RSS (also its module "content") and Atom whose text is HTML.
constexpr std::array<std::string_view, 4> kFeedTexts{"description", "summary", "content",
                                                     "encoded"};
// Pictures in base64: WordprocessingML 2003, flat Open XML and OpenDocument, FictionBook.
constexpr std::array<std::string_view, 4> kEncoded{"bindata", "binarydata", "binary-data",
                                                   "binary"};

bool LooksLikeHtml(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const char next = at + 1 < text.size() ? LowerAscii(text[at + 1]) : ' ';
    if ((next >= 'a' && next <= 'z') || next == '/') return true;
  }
  return false;
}

// In what the element contains, a CDATA section or escaped text may be HTML.
void AddXmlText(std::string_view text, bool in_feed_text, std::string& out) {
  if (in_feed_text && LooksLikeHtml(text)) {
    out += HtmlToText(text).text;
  } else {
    out += text;
  }
}

}  // namespace

MarkupText HtmlToText(std::string_view html) { return HtmlReader(html).Read(); }

std::string XmlToText(std::string_view xml) {
  using Kind = MarkupToken::Kind;
  MarkupScanner scanner(xml);
  std::string text;
  std::string resolved;
  bool in_feed_text = false;
  bool encoded = false;
  for (MarkupToken token = scanner.Next(); token.kind != Kind::kEnd; token = scanner.Next()) {
    if (token.kind == Kind::kText || token.kind == Kind::kVerbatim) {
      if (encoded) continue;
      resolved.clear();
      if (token.kind == Kind::kText) AppendResolved(token.text, resolved);
      AddXmlText(token.kind == Kind::kText ? resolved : token.text, in_feed_text, text);
      continue;
    }
    const bool opens = token.kind == Kind::kOpen && !token.self_closing;
    in_feed_text = opens && IsOneOf(LocalName(token.name), kFeedTexts);
    encoded = opens && IsOneOf(LocalName(token.name), kEncoded);
    if (!text.empty() && !IsSpace(text.back())) text += ' ';  // separates elements
  }
  return text;
}

}  // namespace dbxes::content

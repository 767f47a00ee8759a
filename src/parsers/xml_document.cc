// SPDX-License-Identifier: Apache-2.0
#include "parsers/xml_document.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "base/ascii.h"
#include "content/charset.h"
#include "content/markup_text.h"
#include "parsers/block_text.h"
#include "parsers/open_document.h"
#include "parsers/properties.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostProperty = 4096;  // bytes
// UTF-16 without a mark, of "<".
constexpr std::array<std::string_view, 4> kWideStarts{
    std::string_view("<\0", 2), std::string_view("\0<", 2), std::string_view("\xff\xfe<\0", 4),
    std::string_view("\xfe\xff\0<", 4)};

const std::array<BlockNames, 3>& Formats() {
  static const std::array<BlockNames, 3> formats{
      BlockNames{"FictionBook",
                 {"p", "v", "subtitle", "text-author", "td", "th"},
                 {"p", "v", "subtitle", "text-author", "tr", "title", "empty-line"},
                 {"td", "th"},
                 {"binary", "document-info", "publish-info", "stylesheet"}},
      BlockNames{"wordDocument", {"t"}, {"p"}, {"tc"}, {"binData", "fonts", "docSuppData"}},
      BlockNames{"Workbook", {"Data"}, {"Row", "Comment"}, {"Cell"}, {"Styles"}}};
  return formats;
}

// Title, author and language, wherever a format writes them before its text.
class PropertyText {
 public:
  void Start(std::string_view name) {
    target_ = nullptr;
    if (body_) return;
    body_ = name == "body";
    if (name == "title-info") in_book_ = true;
    if (name == "translator") body_ = true;  // has names, too
    if (name == "book-title" || name == "title" || name == "Title") target_ = &title_;
    if (name == "initial-creator" || name == "Author" || name == "first-name" ||
        name == "middle-name" || name == "last-name") {
      target_ = &author_;
    }
    if (name == "creator") target_ = &creator_;
    if (name == "lang" || name == "language") target_ = &language_;
    // An author of a book has several names; of several authors, all count.
    const bool several = in_book_ && target_ == &author_;
    if (target_ == nullptr || target_->empty()) return;
    if (several) {
      *target_ += ' ';
    } else {
      target_ = nullptr;
    }
  }
  void End(std::string_view name) {
    target_ = nullptr;
    // What follows is about translators and the file.
    if (name == "title-info") body_ = true;
  }
  void Text(std::string_view text) {
    if (target_ != nullptr && target_->size() + text.size() <= kMostProperty) *target_ += text;
  }
  DocumentProperties Take() const {
    return {CleanProperty(title_), CleanProperty(author_.empty() ? creator_ : author_),
            CleanProperty(language_)};
  }

 private:
  std::string title_;
  std::string author_;
  std::string creator_;
  std::string language_;
  std::string* target_ = nullptr;
  bool in_book_ = false;
  bool body_ = false;
};

// Chooses the reader of the text by the outermost element.
class DocumentHandler final : public XmlHandler {
 public:
  explicit DocumentHandler(TextSink& sink) : sink_(sink) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (!begun_) Begin(name);
    // Pictures within a text are elements within a paragraph.
    if (skipping_ > 0 || name == "binary-data") {
      ++skipping_;
      return;
    }
    properties_.Start(name);
    if (content_) content_->Start(name, attributes);
  }
  void End(std::string_view name) override {
    if (skipping_ > 0) {
      --skipping_;
      return;
    }
    properties_.End(name);
    if (content_) content_->End(name);
  }
  void Text(std::string_view text) override {
    if (skipping_ > 0) return;
    properties_.Text(text);
    if (content_) content_->Text(text);
  }
  bool Done() const override { return sink_.full() || (begun_ && !content_); }

  bool known() const { return content_ != nullptr; }
  DocumentProperties properties() const { return properties_.Take(); }

 private:
  void Begin(std::string_view root) {
    begun_ = true;
    const auto format = std::find_if(Formats().begin(), Formats().end(),
                                     [&](const BlockNames& names) { return names.root == root; });
    if (format != Formats().end()) {
      content_ = std::make_unique<BlockText>(*format, sink_);
    } else if (root == "document") {
      content_ = OpenDocumentContent(sink_);
    }
  }

  TextSink& sink_;
  PropertyText properties_;
  std::unique_ptr<XmlHandler> content_;
  bool begun_ = false;
  int skipping_ = 0;
};

// Expat knows few encodings, so the text is in UTF-8 and its declaration of another one is cut off.
std::string_view WithoutDeclaration(std::string_view xml) {
  xml.remove_prefix(std::min(xml.find('<'), xml.size()));
  if (!xml.starts_with("<?xml")) return xml;
  const std::size_t end = xml.find("?>");
  return end == std::string_view::npos ? xml : xml.substr(end + 2);
}

bool IsHtml(std::string_view text) {
  constexpr std::size_t kHead = 1024;
  const std::string head = LowerAscii(text.substr(0, kHead));
  return std::string_view(head).starts_with("<!doctype html") ||
         head.find("<html") != std::string::npos;
}

}  // namespace

bool IsMarkup(std::string_view bytes) {
  const bool wide = std::any_of(kWideStarts.begin(), kWideStarts.end(),
                                [&](std::string_view start) { return bytes.starts_with(start); });
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  const std::size_t begin = bytes.find_first_not_of(" \t\r\n");
  return wide || (begin != std::string_view::npos && bytes[begin] == '<');
}

Parsed<DocumentProperties> ParseMarkup(std::string_view bytes, TextSink& sink) {
  const auto text = content::ToUtf8(std::string(bytes), content::DeclaredCharset(bytes));
  if (!text) return tl::unexpected(Unreadable::kDamaged);
  const std::string_view xml = WithoutDeclaration(*text);
  if (IsHtml(xml)) {
    const content::MarkupText page = content::HtmlToText(*text);
    sink.Append(page.text);
    return DocumentProperties{CleanProperty(page.title), "", ""};
  }
  DocumentHandler handler(sink);
  XmlReader reader(handler);
  reader.Feed(xml);
  const bool damaged = reader.Finish() == XmlReader::State::kDamaged;
  if (!handler.known()) {
    return tl::unexpected(damaged ? Unreadable::kDamaged : Unreadable::kUnsupported);
  }
  if (damaged) sink.LeaveOut(Unreadable::kDamaged);
  return handler.properties();
}

}  // namespace dbxes::parsers

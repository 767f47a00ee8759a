// SPDX-License-Identifier: Apache-2.0
#include "parsers/open_document.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include "parsers/properties.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostObjects = 1000;  // whose text is read
constexpr std::size_t kMostSpaces = 100;    // that one element may encode

// Text that tracked changes have removed, phonetic guides, scripts, and the numbers of pages, which
// are "<number>" in masters.
bool IsSkipped(std::string_view name) {
  return name == "tracked-changes" || name == "ruby-text" || name == "script" ||
         name == "page-number" || name == "page-count";
}

bool IsParagraph(std::string_view name) { return name == "p" || name == "h"; }

// Of a picture; each is a text of its own.
bool IsCaption(std::string_view name) { return name == "title" || name == "desc"; }

class ContentHandler final : public XmlHandler {
 public:
  explicit ContentHandler(TextSink& sink) : sink_(sink) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (skipping_ > 0 || IsSkipped(name)) {
      ++skipping_;
    } else if (name == "spreadsheet" || attributes.Find("class") == "spreadsheet") {
      spreadsheet_ = true;  // OpenOffice 1 says so at the outermost element
    } else if (name == "table" && spreadsheet_) {
      sink_.Append(attributes.Find("name"));
      sink_.EndLine();
    } else if (name == "body") {
      in_body_ = true;
    } else if (name == "annotation") {
      ++annotations_;
    } else if (name == "object") {
      AddObject(attributes.Find("href"));
    } else if (IsParagraph(name) || (in_body_ && IsCaption(name))) {
      BeginParagraph();
    } else if (paragraphs_ > 0) {
      StartInParagraph(name, attributes);
    }
  }
  void End(std::string_view name) override {
    if (skipping_ > 0) {
      --skipping_;
    } else if (name == "annotation") {
      --annotations_;
    } else if (IsParagraph(name) || (in_body_ && IsCaption(name))) {
      --paragraphs_;
      if (!spreadsheet_) sink_.EndLine();
    } else if (spreadsheet_ && (name == "table-cell" || name == "covered-table-cell")) {
      sink_.Tab();
    } else if (spreadsheet_ && name == "table-row") {
      sink_.EndLine();
    }
  }
  void Text(std::string_view text) override {
    if (paragraphs_ > 0 && skipping_ == 0) sink_.Append(text);
  }
  bool Done() const override { return sink_.full(); }

  // Folders of the archive with embedded documents and charts.
  const std::vector<std::string>& objects() const { return objects_; }

 private:
  // "./Object 1"
  void AddObject(std::string_view href) {
    if (href.starts_with("./")) href.remove_prefix(2);
    const bool inside = !href.empty() && href.find(':') == std::string_view::npos;
    if (inside && objects_.size() < kMostObjects) objects_.emplace_back(href);
  }
  // Notes and frames have paragraphs within a paragraph.
  void BeginParagraph() {
    ++paragraphs_;
    if (spreadsheet_) {
      sink_.Tab();
    } else {
      sink_.EndLine();
    }
  }
  void StartInParagraph(std::string_view name, const XmlAttributes& attributes) {
    if (name == "tab") {
      sink_.Append("\t");
    } else if (name == "line-break") {
      sink_.Append("\n");
    } else if (name == "s") {
      const std::string_view text = attributes.Find("c");
      std::size_t count = 1;
      std::from_chars(text.data(), text.data() + text.size(), count);
      sink_.Append(std::string(std::min(count, kMostSpaces), ' '));
    } else if (annotations_ > 0 && (name == "creator" || name == "date")) {
      ++skipping_;  // author and date of a comment; those of a letter are text
    }
  }

  TextSink& sink_;
  int skipping_ = 0;     // depth within an element that is left out
  int paragraphs_ = 0;   // depth
  int annotations_ = 0;  // depth
  std::vector<std::string> objects_;
  bool in_body_ = false;  // the head of a flat document has a title, too
  bool spreadsheet_ = false;
};

// Headers and footers are in the master pages of the styles.
class HeaderHandler final : public XmlHandler {
 public:
  explicit HeaderHandler(TextSink& sink) : content_(sink) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (depth_ > 0 || IsHeader(name)) ++depth_;
    if (depth_ > 0) content_.Start(name, attributes);
  }
  void End(std::string_view name) override {
    if (depth_ == 0) return;
    content_.End(name);
    --depth_;
  }
  void Text(std::string_view text) override { content_.Text(text); }
  bool Done() const override { return content_.Done(); }

 private:
  static bool IsHeader(std::string_view name) {
    return name == "header" || name == "footer" || name == "header-left" || name == "footer-left" ||
           name == "header-first" || name == "footer-first";
  }

  ContentHandler content_;
  int depth_ = 0;
};

class ManifestHandler final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes&) override {
    encrypted = encrypted || name == "encryption-data";
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}

  bool encrypted = false;
};

bool IsEncrypted(Archive& archive) {
  ManifestHandler manifest;
  return archive.Has("META-INF/manifest.xml") &&
         archive.ReadXml("META-INF/manifest.xml", manifest) && manifest.encrypted;
}

// Documents within the document, each in a folder of its own. Those within them are left out.
void ReadObjects(Archive& archive, const std::vector<std::string>& objects, TextSink& sink) {
  for (const std::string& object : objects) {
    const std::string part = object + "/content.xml";
    if (sink.full()) return;
    if (!archive.Has(part)) continue;
    ContentHandler handler(sink);
    sink.Note(archive.ReadXml(part, handler));
    sink.EndLine();
  }
}

}  // namespace

Parsed<DocumentProperties> ParseOpenDocument(Archive& archive, TextSink& sink) {
  if (IsEncrypted(archive)) return tl::unexpected(Unreadable::kEncrypted);
  ContentHandler content(sink);
  sink.Note(archive.ReadXml("content.xml", content));
  sink.EndLine();
  ReadObjects(archive, content.objects(), sink);
  if (HeaderHandler headers(sink); archive.Has("styles.xml")) {
    sink.Note(archive.ReadXml("styles.xml", headers));
  }
  return ReadProperties(archive, "meta.xml");
}

std::unique_ptr<XmlHandler> OpenDocumentContent(TextSink& sink) {
  return std::make_unique<ContentHandler>(sink);
}

}  // namespace dbxes::parsers

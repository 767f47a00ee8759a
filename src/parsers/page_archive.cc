// SPDX-License-Identifier: Apache-2.0
#include "parsers/page_archive.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "parsers/block_text.h"
#include "parsers/properties.h"

namespace dbxes::parsers {
namespace {

constexpr std::string_view kVisioDocument = "visio/document.xml";
constexpr std::string_view kVisioPages = "visio/pages/pages.xml";
constexpr std::string_view kVisioPage = "visio/pages/page";
constexpr std::string_view kXpsPage = ".fpage";
constexpr const char* kCoreProperties = "docProps/core.xml";

const BlockNames& VisioNames() {
  static const BlockNames names{"PageContents", {"Text"}, {"Text"}, {}, {}};
  return names;
}

class PageNames final : public XmlHandler {
 public:
  explicit PageNames(TextSink& sink) : sink_(sink) {}
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Page") return;
    sink_.Append(attributes.Find("Name"));
    sink_.EndLine();
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}

 private:
  TextSink& sink_;
};

// The text of XPS is in attributes, one for each run of glyphs on a line.
class GlyphText final : public XmlHandler {
 public:
  explicit GlyphText(TextSink& sink) : sink_(sink) {}
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Glyphs") return;
    std::string_view text = attributes.Find("UnicodeString");
    if (text.starts_with("{}")) text.remove_prefix(2);  // what follows may begin with a brace
    sink_.Append(text);
    sink_.EndLine();
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}
  bool Done() const override { return sink_.full(); }

 private:
  TextSink& sink_;
};

// "page10.xml" after "page9.xml".
void SortByNumber(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end(), [](const std::string& left, const std::string& right) {
    return left.size() != right.size() ? left.size() < right.size() : left < right;
  });
}

template <class Wanted>
std::vector<std::string> PagesOf(const Archive& archive, const Wanted& wanted) {
  std::vector<std::string> pages;
  for (const std::string& name : archive.Names()) {
    if (wanted(LowerAscii(name))) pages.push_back(name);
  }
  SortByNumber(pages);
  return pages;
}

}  // namespace

bool IsVisioDrawing(const Archive& archive) { return archive.Has(std::string(kVisioDocument)); }

Parsed<DocumentProperties> ParseVisioDrawing(Archive& archive, TextSink& sink) {
  const std::string list(kVisioPages);
  PageNames names(sink);
  if (archive.Has(list)) sink.Note(archive.ReadXml(list, names));
  const auto is_page = [&](const std::string& name) {
    return name.starts_with(kVisioPage) && name.ends_with(".xml") && name != list;
  };
  for (const std::string& page : PagesOf(archive, is_page)) {
    if (sink.full()) break;
    BlockText text(VisioNames(), sink);
    sink.Note(archive.ReadXml(page, text));
    sink.EndLine();
  }
  return ReadProperties(archive, kCoreProperties);
}

bool IsXps(const Archive& archive) {
  const std::vector<std::string> names = archive.Names();
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return LowerAscii(name).ends_with(kXpsPage); });
}

Parsed<DocumentProperties> ParseXps(Archive& archive, TextSink& sink) {
  const auto is_page = [](const std::string& name) { return name.ends_with(kXpsPage); };
  for (const std::string& page : PagesOf(archive, is_page)) {
    if (sink.full()) break;
    GlyphText text(sink);
    sink.Note(archive.ReadXml(page, text));
  }
  return ReadProperties(archive, kCoreProperties);
}

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
#include "parsers/office_open_xml.h"

#include <string_view>
#include <unordered_set>
#include <vector>

#include "parsers/embedded_part.h"
#include "parsers/properties.h"
#include "parsers/run_text.h"

namespace dbxes::parsers {
namespace {

// The root element decides what a document is; extensions and names of parts are only conventions.
class RootHandler final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes&) override {
    if (root.empty()) root = name;
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}
  bool Done() const override { return !root.empty(); }

  std::string root;
};

class SlideListHandler final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "sldId") ids.emplace_back(attributes.FindQualified("id"));
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}

  std::vector<std::string> ids;
};

// What cannot be read of it costs numbers, which are not worth a warning.
void ReadListPart(Archive& archive, const std::string& part, XmlHandler& handler) {
  if (archive.Has(part)) static_cast<void>(archive.ReadXml(part, handler));
}

void ReadWords(Archive& archive, const std::string& part,
               const std::vector<Relationship>& relationships, TextSink& sink) {
  Numbering numbering;
  Numbering::Definitions definitions(numbering);
  Numbering::Styles styles(numbering);
  ReadListPart(archive, PartOfType(relationships, "numbering"), definitions);
  ReadListPart(archive, PartOfType(relationships, "styles"), styles);
  const PartsById by_id = IndexById(relationships);
  const auto read_chunk = [&](std::string_view id) {
    const std::string chunk = PartWithId(by_id, id);
    if (!chunk.empty()) ReadChunk(archive, chunk, sink);
  };
  sink.Note(ReadRunText(archive, part, sink, {&numbering, read_chunk}));
  ReadRelatedText(archive, relationships,
                  {"footnotes", "endnotes", "comments", "header", "footer", "chart", "diagramData"},
                  sink);
  ReadEmbeddedParts(archive, relationships, sink);
}

// Those who commented on slides.
class AuthorHandler final : public XmlHandler {
 public:
  explicit AuthorHandler(TextSink& sink) : sink_(sink) {}
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "cmAuthor" && name != "author") return;
    sink_.Append(attributes.Find("name"));
    sink_.EndLine();
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}

 private:
  TextSink& sink_;
};

// What slides show of a layout and its master: a name of the company, a notice at the foot.
class SlideBackgrounds {
 public:
  SlideBackgrounds(Archive& archive, TextSink& sink) : archive_(archive), sink_(sink) {}

  // Those that no slide before has shown.
  void Read(const std::vector<Relationship>& of_slide) {
    const std::string layout = PartOfType(of_slide, "slideLayout");
    if (!ReadOne(layout)) return;
    ReadOne(PartOfType(ReadRelationships(archive_, layout, sink_), "slideMaster"));
  }

 private:
  bool ReadOne(const std::string& part) {
    if (part.empty() || !read_.insert(part).second) return false;
    sink_.Note(ReadRunText(archive_, part, sink_, {.skip_placeholders = true}));
    return true;
  }

  Archive& archive_;
  TextSink& sink_;
  std::unordered_set<std::string> read_;
};

void ReadSlides(Archive& archive, const std::string& part,
                const std::vector<Relationship>& relationships, TextSink& sink) {
  SlideListHandler list;
  const auto read = archive.ReadXml(part, list);
  sink.Note(read);
  SlideBackgrounds backgrounds(archive, sink);
  for (const std::string& slide : PartsOfList(list.ids, read.has_value(), relationships, "slide")) {
    if (sink.full()) return;
    sink.Note(ReadRunText(archive, slide, sink));
    const auto related = ReadRelationships(archive, slide, sink);
    ReadRelatedText(archive, related, {"diagramData", "chart", "notesSlide", "comments"}, sink);
    ReadEmbeddedParts(archive, related, sink);
    backgrounds.Read(related);
  }
  AuthorHandler authors(sink);
  for (const char* type : {"commentAuthors", "authors"}) {
    const std::string names = PartOfType(relationships, type);
    if (archive.Has(names)) sink.Note(archive.ReadXml(names, authors));
  }
}

// What the main part is, by its root element, or by its folder where that cannot be read.
std::string KindOf(Archive& archive, const std::string& part, TextSink& sink) {
  RootHandler main;
  const auto read = archive.ReadXml(part, main);
  sink.Note(read);
  if (read || !main.root.empty()) return main.root;
  const std::string folder = part.substr(0, part.find('/'));
  return folder == "word"  ? "document"
         : folder == "xl"  ? "workbook"
         : folder == "ppt" ? "presentation"
                           : "";
}

// "" if there is none. The names are those of Office, for a document that does not say its own.
std::string MainPart(const Archive& archive, const std::vector<Relationship>& relationships,
                     const TextSink& sink) {
  std::string main = PartOfType(relationships, "officeDocument");
  if (!main.empty() || !sink.left_out()) return main;
  for (const char* usual : {"word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"}) {
    if (archive.Has(usual)) return usual;
  }
  return main;
}

}  // namespace

std::vector<std::string> PartsOfList(const std::vector<std::string>& ids, bool complete,
                                     const std::vector<Relationship>& relationships,
                                     std::string_view type) {
  const PartsById by_id = IndexById(relationships);
  std::vector<std::string> parts;
  std::unordered_set<std::string_view> named;
  for (const std::string& id : ids) {
    const auto found = by_id.find(id);
    if (found == by_id.end()) continue;
    parts.emplace_back(found->second);
    named.insert(found->second);
  }
  // Ids mean nothing, either, where the relationships were found by their names.
  const bool nameless = !relationships.empty() && relationships.back().id.empty();
  if (complete && !nameless) return parts;
  for (const Relationship& one : relationships) {
    if (one.type == type && !named.contains(one.part)) parts.push_back(one.part);
  }
  return parts;
}

Parsed<DocumentProperties> ParseOfficeOpenXml(Archive& archive, TextSink& sink) {
  const auto relationships = ReadRelationships(archive, "", sink);
  const std::string main = MainPart(archive, relationships, sink);
  // Drawings (Visio) have another type, binary workbooks (xlsb) another format.
  const bool binary = main.size() > 4 && main.compare(main.size() - 4, 4, ".bin") == 0;
  if (main.empty() || binary) {
    return tl::unexpected(sink.left_out().value_or(Unreadable::kUnsupported));
  }
  auto parts = ReadRelationships(archive, main, sink);
  const std::string kind = KindOf(archive, main, sink);
  if (sink.left_out()) AddPartsByName(archive, main, parts);
  if (kind == "document") {
    ReadWords(archive, main, parts, sink);
  } else if (kind == "workbook") {
    ReadWorkbook(archive, main, parts, sink);
  } else if (kind == "presentation") {
    ReadSlides(archive, main, parts, sink);
  } else {
    return tl::unexpected(sink.left_out().value_or(Unreadable::kUnsupported));
  }
  return ReadProperties(archive, PartOfType(relationships, "core-properties"));
}

}  // namespace dbxes::parsers

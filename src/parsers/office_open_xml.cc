// SPDX-License-Identifier: Apache-2.0
#include "parsers/office_open_xml.h"

#include <vector>

#include "base/result.h"
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

Parsed<void> ReadWords(Archive& archive, const std::string& part,
                       const std::vector<Relationship>& relationships, TextSink& sink) {
  TRY(ReadRunText(archive, part, sink));
  return ReadRelatedText(archive, relationships,
                         {"footnotes", "endnotes", "comments", "header", "footer"}, sink);
}

Parsed<void> ReadSlide(Archive& archive, const std::string& part, TextSink& sink) {
  TRY(ReadRunText(archive, part, sink));
  TRY_ASSIGN(const auto relationships, ReadRelationships(archive, part));
  return ReadRelatedText(archive, relationships, {"diagramData", "chart", "notesSlide", "comments"},
                         sink);
}

Parsed<void> ReadSlides(Archive& archive, const std::string& part,
                        const std::vector<Relationship>& relationships, TextSink& sink) {
  SlideListHandler list;
  TRY(archive.ReadXml(part, list));
  const PartsById parts = IndexById(relationships);
  for (const std::string& id : list.ids) {
    const std::string slide = PartWithId(parts, id);
    if (!archive.Has(slide)) continue;
    TRY(ReadSlide(archive, slide, sink));
    if (sink.full()) break;
  }
  return {};
}

Parsed<void> ReadMain(Archive& archive, const std::string& part, TextSink& sink) {
  TRY_ASSIGN(const auto relationships, ReadRelationships(archive, part));
  RootHandler main;
  TRY(archive.ReadXml(part, main));
  if (main.root == "document") return ReadWords(archive, part, relationships, sink);
  if (main.root == "workbook") return ReadWorkbook(archive, part, relationships, sink);
  if (main.root == "presentation") return ReadSlides(archive, part, relationships, sink);
  return tl::unexpected(Unreadable::kUnsupported);
}

}  // namespace

Parsed<DocumentProperties> ParseOfficeOpenXml(Archive& archive, TextSink& sink) {
  TRY_ASSIGN(const auto relationships, ReadRelationships(archive, ""));
  const std::string main = PartOfType(relationships, "officeDocument");
  // Drawings (Visio) have another type, binary workbooks (xlsb) another format.
  const bool binary = main.size() > 4 && main.compare(main.size() - 4, 4, ".bin") == 0;
  if (main.empty() || binary) return tl::unexpected(Unreadable::kUnsupported);
  TRY(ReadMain(archive, main, sink));
  return ReadProperties(archive, PartOfType(relationships, "core-properties"));
}

}  // namespace dbxes::parsers

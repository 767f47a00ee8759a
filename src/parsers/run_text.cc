// SPDX-License-Identifier: Apache-2.0
#include "parsers/run_text.h"

#include <algorithm>
#include <array>

namespace dbxes::parsers {
namespace {

// Properties, which have elements with the names of text elements; the copy of a drawing for older
// programs; and text that tracked changes have removed.
constexpr std::array<std::string_view, 10> kSkipped{
    "pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr", "tblGrid", "Fallback", "moveFrom", "del"};

class RunTextHandler final : public XmlHandler {
 public:
  RunTextHandler(TextSink& sink, const RunTextHooks& hooks) : sink_(sink), hooks_(hooks) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (skipping_ > 0 || IsSkipped(name, attributes) || (name == "txBody" && in_placeholder_)) {
      if (skipping_++ == 0) in_properties_ = name == "pPr" && hooks_.numbering != nullptr;
      if (in_properties_) NoteProperty(name, attributes);
    } else if (IsText(name) || (name == "v" && in_cache_)) {
      in_text_ = true;
    } else if (IsCache(name) || (in_values_ && name == "numCache")) {
      in_cache_ = true;
    } else if (IsValues(name)) {
      in_values_ = true;
    } else if (name == "altChunk" && hooks_.on_chunk) {
      hooks_.on_chunk(attributes.FindQualified("id"));
    } else if (name == "ph") {
      in_placeholder_ = hooks_.skip_placeholders;
    } else if (name == "tab" || name == "ptab") {
      sink_.Append("\t");
    } else if (name == "br" || name == "cr" || name == "p") {
      sink_.EndLine();
    } else if (name == "noBreakHyphen") {
      sink_.Append("-");
    }
  }
  void End(std::string_view name) override {
    in_text_ = false;
    if (name == "sp") in_placeholder_ = false;
    if (skipping_ > 0) {
      if (--skipping_ == 0 && in_properties_) Number();
    } else if (name == "p" || name == "text" || name == "author" || (name == "v" && in_cache_)) {
      sink_.EndLine();
    } else if (IsCache(name) || name == "numCache") {
      in_cache_ = false;
    } else if (IsValues(name)) {
      in_values_ = false;
    }
  }
  void Text(std::string_view text) override {
    if (in_text_) sink_.Append(text);
  }
  bool Done() const override { return sink_.full(); }

 private:
  static bool IsSkipped(std::string_view name, const XmlAttributes& attributes) {
    if (std::find(kSkipped.begin(), kSkipped.end(), name) != kSkipped.end()) return true;
    return name == "fld" && attributes.Find("type") == "slidenum";
  }
  // "text" is the text of a comment on a slide, "author" somebody who commented on a sheet.
  static bool IsText(std::string_view name) {
    return name == "t" || name == "text" || name == "author";
  }

  void NoteProperty(std::string_view name, const XmlAttributes& attributes) {
    if (name == "pStyle") style_ = attributes.Find("val");
    if (name == "numId") place_.list = attributes.Find("val");
    if (name == "ilvl") place_.level = attributes.Find("val");
  }
  // At the end of a paragraph's properties, which come before its text.
  void Number() {
    const std::string label = hooks_.numbering->Next(place_, style_);
    if (!label.empty()) sink_.Append(label + " ");
    in_properties_ = false;
    place_ = {};
    style_.clear();
  }

  // What a chart has copied of the texts in its sheet: names of series and categories.
  static bool IsCache(std::string_view name) {
    return name == "strCache" || name == "multiLvlStrCache" || name == "strLit";
  }

  // "cat" is here for numbers, such as years.
  static bool IsValues(std::string_view name) {
    return name == "val" || name == "xVal" || name == "yVal" || name == "cat";
  }

  TextSink& sink_;
  const RunTextHooks& hooks_;
  ListPlace place_;    // of the paragraph whose properties are being read
  std::string style_;  // the same
  bool in_properties_ = false;
  int skipping_ = 0;  // depth within an element that is left out
  bool in_text_ = false;
  bool in_cache_ = false;
  bool in_values_ = false;  // of a chart
  bool in_placeholder_ = false;
};

}  // namespace

Parsed<void> ReadRunText(Archive& archive, const std::string& part, TextSink& sink,
                         const RunTextHooks& hooks) {
  RunTextHandler handler(sink, hooks);
  auto read = archive.ReadXml(part, handler);
  sink.EndLine();
  return read;
}

void ReadRelatedText(Archive& archive, const std::vector<Relationship>& relationships,
                     const std::vector<std::string_view>& types, TextSink& sink) {
  for (const Relationship& one : relationships) {
    if (sink.full()) return;
    const bool wanted = std::find(types.begin(), types.end(), one.type) != types.end();
    if (wanted) sink.Note(ReadRunText(archive, one.part, sink));
  }
}

}  // namespace dbxes::parsers

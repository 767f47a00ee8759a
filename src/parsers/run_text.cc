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
  explicit RunTextHandler(TextSink& sink) : sink_(sink) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (skipping_ > 0 || IsSkipped(name, attributes)) {
      ++skipping_;
    } else if (IsText(name)) {
      in_text_ = true;
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
    if (skipping_ > 0) {
      --skipping_;
    } else if (name == "p" || name == "text") {
      sink_.EndLine();
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
  // "text" is the text of a comment on a slide.
  static bool IsText(std::string_view name) { return name == "t" || name == "text"; }

  TextSink& sink_;
  int skipping_ = 0;  // depth within an element that is left out
  bool in_text_ = false;
};

}  // namespace

Parsed<void> ReadRunText(Archive& archive, const std::string& part, TextSink& sink) {
  RunTextHandler handler(sink);
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

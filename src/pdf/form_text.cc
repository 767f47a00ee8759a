// SPDX-License-Identifier: Apache-2.0
#include "pdf/form_text.h"

#include <Array.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "parsers/text_sink.h"
#include "parsers/xml_reader.h"

namespace dbxes::pdf {
namespace {

constexpr std::size_t kMostXml = std::size_t{64} << 20;

// Templates have texts for people in <text> and, with markup, in <exData> (XFA 3.3, chapter 2);
// data has nothing but values, below <data> (chapter 4).
class FormHandler final : public parsers::XmlHandler {
 public:
  explicit FormHandler(parsers::TextSink& sink) : sink_(sink) {}

  void Start(std::string_view name, const parsers::XmlAttributes& attributes) override {
    ++depth_;
    // Signatures and photographs are values, too.
    if (skip_from_ == 0 && attributes.Find("contentType").starts_with("image")) skip_from_ = depth_;
    const bool begins =
        in_template_ ? name == "text" || name == "exData" : in_datasets_ && name == "data";
    if (read_from_ == 0 && begins) read_from_ = depth_;
    if (name == "template") in_template_ = true;
    if (name == "datasets") in_datasets_ = true;
  }
  void End(std::string_view name) override {
    if (read_from_ > 0 && (in_datasets_ || name == "p" || depth_ == read_from_)) sink_.EndLine();
    if (depth_ == read_from_) read_from_ = 0;
    if (depth_ == skip_from_) skip_from_ = 0;
    if (name == "template") in_template_ = false;
    if (name == "datasets") in_datasets_ = false;
    --depth_;
  }
  void Text(std::string_view text) override {
    if (read_from_ > 0 && skip_from_ == 0) sink_.Append(text);
  }
  bool Done() const override { return sink_.full(); }

 private:
  parsers::TextSink& sink_;
  int depth_ = 0;
  int read_from_ = 0;  // depth of the element whose text is read; 0 for none
  int skip_from_ = 0;  // the same of an element that is left out
  bool in_template_ = false;
  bool in_datasets_ = false;
};

// The form is a stream, or an array of names and streams, which together are one text (ISO 32000-2,
// 12.7.8).
std::string XmlOf(const Object& form) {
  if (!form.isArray()) return BytesOf(form, kMostXml);
  std::string xml;
  for (int at = 1; at < form.arrayGetLength(); at += 2) {
    xml += BytesOf(form.arrayGet(at), kMostXml - xml.size());
  }
  return xml;
}

// Viewers write values with a "&" that begins no reference.
std::string WithReferences(std::string_view xml) {
  constexpr std::array<std::string_view, 6> kReferences{"amp;",  "lt;",   "gt;",
                                                        "quot;", "apos;", "#"};
  std::string repaired;
  for (std::size_t at = 0; at < xml.size();) {
    const std::size_t end = std::min(xml.find('&', at), xml.size());
    repaired += xml.substr(at, end - at);
    at = end;
    if (at == xml.size()) break;
    const std::string_view rest = xml.substr(++at);
    const bool reference =
        std::any_of(kReferences.begin(), kReferences.end(),
                    [&](std::string_view name) { return rest.starts_with(name); });
    repaired += reference ? "&" : "&amp;";
  }
  return repaired;
}

}  // namespace

std::string FormOf(const Object& catalog) {
  return XmlOf(Member(Member(catalog, "AcroForm"), "XFA"));
}

std::string FormTextOf(std::string_view xml, std::size_t max_bytes, bool& damaged) {
  if (xml.empty()) return "";
  parsers::TextSink sink(max_bytes);
  FormHandler handler(sink);
  parsers::XmlReader reader(handler);
  reader.Feed(WithReferences(xml));
  if (reader.Finish() == parsers::XmlReader::State::kDamaged) damaged = true;
  return sink.Take();
}

}  // namespace dbxes::pdf

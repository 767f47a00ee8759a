// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <unordered_map>
#include <utility>

#include "parsers/embedded_part.h"
#include "parsers/header_codes.h"
#include "parsers/number_format.h"
#include "parsers/office_open_xml.h"
#include "parsers/run_text.h"

namespace dbxes::parsers {
namespace {

struct Sheet {
  std::string name;
  std::string id;
};

class WorkbookHandler final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "sheet") {
      sheets.push_back(
          {std::string(attributes.Find("name")), std::string(attributes.FindQualified("id"))});
    } else if (name == "workbookPr") {
      const std::string_view flag = attributes.Find("date1904");
      epoch_1904 = flag == "1" || flag == "true";
    }
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}

  std::vector<Sheet> sheets;
  bool epoch_1904 = false;
};

// All strings of a workbook, concatenated: a million small strings would take three times the
// memory.
class SharedStrings final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes&) override {
    if (name == "rPh") in_phonetic_ = true;  // a phonetic guide repeats the text
    in_text_ = name == "t" && !in_phonetic_;
  }
  void End(std::string_view name) override {
    in_text_ = false;
    if (name == "rPh") in_phonetic_ = false;
    if (name == "si") ends_.push_back(text_.size());
  }
  void Text(std::string_view text) override {
    if (in_text_) text_ += text;
  }

  std::string_view At(std::size_t index) const {
    if (index >= ends_.size()) return "";
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(begin, ends_[index] - begin);
  }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
  bool in_text_ = false;
  bool in_phonetic_ = false;
};

struct Book {
  SharedStrings strings;
  NumberFormats formats;
  bool epoch_1904 = false;
};

class SheetHandler final : public XmlHandler {
 public:
  SheetHandler(const Book& book, TextSink& sink) : book_(book), sink_(sink) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "c") {
      type_ = attributes.Find("t");
      style_ = Number(attributes.Find("s")).value_or(0);
      value_.clear();
    }
    in_header_ = IsHeader(name);
    if (in_header_) value_.clear();
    in_value_ = name == "v" || name == "t" || in_header_;
  }
  void End(std::string_view name) override {
    in_value_ = false;
    if (name == "c") {
      const std::string shown = Shown();
      if (!shown.empty()) sink_.Append(shown);
      sink_.Tab();
    } else if (name == "row") {
      sink_.EndLine();
    } else if (in_header_) {
      in_header_ = false;
      sink_.Append(WithoutHeaderCodes(value_));
      sink_.EndLine();
    }
  }
  void Text(std::string_view text) override {
    if (in_value_ && value_.size() <= kLongestCell) value_ += text;
  }
  bool Done() const override { return sink_.full(); }

 private:
  // Bytes; a cell has at most 32,767 characters.
  static constexpr std::size_t kLongestCell = 1 << 20;

  static bool IsHeader(std::string_view name) {
    return name == "oddHeader" || name == "oddFooter" || name == "evenHeader" ||
           name == "evenFooter" || name == "firstHeader" || name == "firstFooter";
  }
  static std::optional<std::size_t> Number(std::string_view text) {
    std::size_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() ? std::optional(value) : std::nullopt;
  }
  std::string Shown() const {
    if (type_ == "s") {
      const auto index = Number(value_);
      return index ? std::string(book_.strings.At(*index)) : "";
    }
    if (type_ == "b") return value_ == "1" ? "TRUE" : "FALSE";
    if (!type_.empty() && type_ != "n") return value_;  // text, an error, a date in ISO 8601
    return ShowNumber(value_, book_.formats.Of(style_), book_.epoch_1904);
  }

  const Book& book_;
  TextSink& sink_;
  std::string type_;
  std::string value_;
  std::size_t style_ = 0;
  bool in_value_ = false;
  bool in_header_ = false;  // of the printed page
};

void ReadSheet(Archive& archive, const std::string& part, const Book& book, TextSink& sink) {
  SheetHandler handler(book, sink);
  sink.Note(archive.ReadXml(part, handler));
  sink.EndLine();
  const auto related = ReadRelationships(archive, part, sink);
  ReadRelatedText(archive, related, {"drawing", "comments"}, sink);
  for (const Relationship& one : related) {
    if (one.type != "drawing") continue;
    ReadRelatedText(archive, ReadRelationships(archive, one.part, sink), {"chart", "diagramData"},
                    sink);
  }
  ReadEmbeddedParts(archive, related, sink);
}

}  // namespace

void ReadWorkbook(Archive& archive, const std::string& part,
                  const std::vector<Relationship>& relationships, TextSink& sink) {
  WorkbookHandler list;
  const auto read = archive.ReadXml(part, list);
  sink.Note(read);
  Book book;
  book.epoch_1904 = list.epoch_1904;
  const auto read_into = [&](std::string_view type, XmlHandler& handler) {
    const std::string entry = PartOfType(relationships, type);
    if (!entry.empty()) sink.Note(archive.ReadXml(entry, handler));
  };
  read_into("sharedStrings", book.strings);
  read_into("styles", book.formats);
  std::unordered_map<std::string, std::string> names;
  std::vector<std::string> ids;
  const PartsById parts = IndexById(relationships);
  for (const Sheet& sheet : list.sheets) {
    names.try_emplace(PartWithId(parts, sheet.id), sheet.name);
    ids.push_back(sheet.id);
  }
  for (const std::string& entry : PartsOfList(ids, read.has_value(), relationships, "worksheet")) {
    if (sink.full()) return;
    const auto name = names.find(entry);
    sink.Append(name == names.end() ? "" : name->second);
    sink.EndLine();
    ReadSheet(archive, entry, book, sink);
  }
}

}  // namespace dbxes::parsers

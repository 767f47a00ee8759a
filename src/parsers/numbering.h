// SPDX-License-Identifier: Apache-2.0
// The numbers of lists and headings in a document, which only its definitions and the paragraphs
// before give (ECMA-376, part 1, 17.9: Numbering).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>

#include "parsers/xml_reader.h"

namespace dbxes::parsers {

inline constexpr std::size_t kListLevels = 9;

// The list and level of a paragraph; of a style, too.
struct ListPlace {
  std::string list;        // numId; "" for none, "0" for none in spite of the style
  std::string level = "";  // ilvl
};

class Numbering {
 public:
  // For the parts "numbering" and "styles". They outlive the reading, not more.
  class Definitions;
  class Styles;

  // The label of the next paragraph at this place, as "1.2"; "" if it has none or a bullet.
  std::string Next(const ListPlace& paragraph, const std::string& style);

 private:
  struct Level {
    long start = 1;
    std::string format;  // "decimal", "lowerLetter", ...
    std::string text;    // with "%1" for the number of the first level
  };
  using Levels = std::array<Level, kListLevels>;
  struct List {
    std::string definition;                  // abstractNumId
    std::array<long, kListLevels> starts{};  // 0: that of the definition
    std::array<bool, kListLevels> begun{};
  };

  std::string Label(const Levels& levels, std::size_t level,
                    const std::array<long, kListLevels>& numbers) const;

  std::unordered_map<std::string, Levels> definitions_;
  std::unordered_map<std::string, List> lists_;
  std::unordered_map<std::string, ListPlace> styles_;
  // By definition, because several lists may continue one. 0: not yet counted.
  std::unordered_map<std::string, std::array<long, kListLevels>> numbers_;
};

class Numbering::Definitions final : public XmlHandler {
 public:
  explicit Definitions(Numbering& numbering) : numbering_(numbering) {}
  void Start(std::string_view name, const XmlAttributes& attributes) override;
  void End(std::string_view name) override;
  void Text(std::string_view) override {}

 private:
  void StartInList(std::string_view name, const XmlAttributes& attributes);

  Numbering& numbering_;
  Levels* levels_ = nullptr;  // of the definition that is being read
  List* list_ = nullptr;      // the list that is being read
  std::size_t level_ = kListLevels;
};

class Numbering::Styles final : public XmlHandler {
 public:
  explicit Styles(Numbering& numbering) : numbering_(numbering) {}
  void Start(std::string_view name, const XmlAttributes& attributes) override;
  void End(std::string_view name) override;
  void Text(std::string_view) override {}

 private:
  Numbering& numbering_;
  std::string style_;  // that is being read
};

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
#include "parsers/numbering.h"

#include <algorithm>
#include <charconv>

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostDefinitions = 20'000;  // of one kind
constexpr long kMostNumber = 1'000'000;

long ToNumber(std::string_view text) {
  long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::clamp(value, 0L, kMostNumber);
}

std::size_t ToLevel(std::string_view text) {
  return std::min(static_cast<std::size_t>(ToNumber(text)), kListLevels - 1);
}

// "a" to "z", then "aa", "bb", as Word counts.
std::string Letters(long number, char first) {
  constexpr long kLetters = 26;
  constexpr long kMostRepeats = 30;
  const auto repeats =
      static_cast<std::size_t>(std::min((number - 1) / kLetters + 1, kMostRepeats));
  return std::string(repeats, static_cast<char>(first + (number - 1) % kLetters));
}

std::string Roman(long number, bool capital) {
  struct Part {
    long value;
    std::string_view small;
    std::string_view large;
  };
  constexpr std::array kParts{Part{1000, "m", "M"},  Part{900, "cm", "CM"}, Part{500, "d", "D"},
                              Part{400, "cd", "CD"}, Part{100, "c", "C"},   Part{90, "xc", "XC"},
                              Part{50, "l", "L"},    Part{40, "xl", "XL"},  Part{10, "x", "X"},
                              Part{9, "ix", "IX"},   Part{5, "v", "V"},     Part{4, "iv", "IV"},
                              Part{1, "i", "I"}};
  constexpr long kMostRoman = 3999;
  if (number > kMostRoman) return std::to_string(number);
  std::string text;
  for (const Part& part : kParts) {
    for (; number >= part.value; number -= part.value) text += capital ? part.large : part.small;
  }
  return text;
}

std::string Formatted(long number, std::string_view format) {
  if (format == "none") return "";
  if (number < 1) return std::to_string(number);
  if (format == "lowerLetter") return Letters(number, 'a');
  if (format == "upperLetter") return Letters(number, 'A');
  if (format == "lowerRoman") return Roman(number, false);
  if (format == "upperRoman") return Roman(number, true);
  if (format == "decimalZero" && number < 10) return "0" + std::to_string(number);
  return std::to_string(number);
}

}  // namespace

std::string Numbering::Next(const ListPlace& paragraph, const std::string& style) {
  ListPlace place = paragraph;
  if (const auto found = styles_.find(style); found != styles_.end()) {
    if (place.list.empty()) place.list = found->second.list;
    if (place.level.empty()) place.level = found->second.level;
  }
  const auto list = lists_.find(place.list);
  if (list == lists_.end()) return "";
  const auto definition = definitions_.find(list->second.definition);
  if (definition == definitions_.end()) return "";
  const Levels& levels = definition->second;
  const std::size_t level = ToLevel(place.level);
  auto& numbers = numbers_[definition->first];
  const auto start_of = [&](std::size_t at) {
    return list->second.starts[at] != 0 ? list->second.starts[at] : levels[at].start;
  };
  // A level above that has no paragraph counts as its first one.
  for (std::size_t above = 0; above < level; ++above) {
    if (numbers[above] == 0) numbers[above] = start_of(above);
  }
  bool& begun = list->second.begun[level];
  const bool starts = numbers[level] == 0 || (list->second.starts[level] != 0 && !begun);
  numbers[level] = starts ? start_of(level) : std::min(numbers[level] + 1, kMostNumber);
  begun = true;
  std::fill(numbers.begin() + static_cast<std::ptrdiff_t>(level) + 1, numbers.end(), 0);
  return Label(levels, level, numbers);
}

std::string Numbering::Label(const Levels& levels, std::size_t level,
                             const std::array<long, kListLevels>& numbers) const {
  if (levels[level].format == "bullet") return "";
  std::string label;
  const std::string& text = levels[level].text;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char digit = text[at] == '%' && at + 1 < text.size() ? text[at + 1] : '0';
    if (digit < '1' || digit > '9') {
      label += text[at];
      continue;
    }
    const auto which = static_cast<std::size_t>(digit - '1');
    label += Formatted(numbers[which], levels[which].format);
    ++at;
  }
  return label;
}

void Numbering::Definitions::Start(std::string_view name, const XmlAttributes& attributes) {
  if (name == "abstractNum" && numbering_.definitions_.size() < kMostDefinitions) {
    levels_ = &numbering_.definitions_[std::string(attributes.Find("abstractNumId"))];
  } else if (name == "num" && numbering_.lists_.size() < kMostDefinitions) {
    list_ = &numbering_.lists_[std::string(attributes.Find("numId"))];
  } else if (name == "lvl" || name == "lvlOverride") {
    level_ = ToLevel(attributes.Find("ilvl"));
  } else if (list_ != nullptr) {
    StartInList(name, attributes);
  } else if (levels_ != nullptr && level_ < kListLevels) {
    Level& level = (*levels_)[level_];
    if (name == "start") level.start = ToNumber(attributes.Find("val"));
    if (name == "numFmt") level.format = attributes.Find("val");
    if (name == "lvlText") level.text = attributes.Find("val");
  }
}

void Numbering::Definitions::StartInList(std::string_view name, const XmlAttributes& attributes) {
  if (name == "abstractNumId") list_->definition = attributes.Find("val");
  if (name == "startOverride" && level_ < kListLevels) {
    list_->starts[level_] = ToNumber(attributes.Find("val"));
  }
}

void Numbering::Definitions::End(std::string_view name) {
  if (name == "abstractNum") levels_ = nullptr;
  if (name == "num") list_ = nullptr;
  if (name == "lvl" || name == "lvlOverride") level_ = kListLevels;
}

void Numbering::Styles::Start(std::string_view name, const XmlAttributes& attributes) {
  if (name == "style") style_ = attributes.Find("styleId");
  if (style_.empty() || numbering_.styles_.size() >= kMostDefinitions) return;
  if (name == "numId") numbering_.styles_[style_].list = attributes.Find("val");
  if (name == "ilvl") numbering_.styles_[style_].level = attributes.Find("val");
}

void Numbering::Styles::End(std::string_view name) {
  if (name == "style") style_.clear();
}

}  // namespace dbxes::parsers

// SPDX-License-Identifier: Apache-2.0
#include "parsers/tesseract.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace dbxes::parsers {
namespace {

using namespace std::string_view_literals;

// The first bytes of a file.
constexpr std::array<std::string_view, 6> kMarks{
    "\x89PNG\r\n\x1a\n"sv, "\xff\xd8\xff"sv, "GIF8"sv, "II*\0"sv, "MM\0*"sv, "BM"sv};

// Find out how the page is turned, then its columns.
constexpr const char* kSegmentation = "1";

// Columns of the table, which has a line for each page, block, paragraph, line and word.
constexpr std::size_t kLevel = 0;
constexpr std::size_t kLastOfPlace = 4;  // page, block, paragraph, line
constexpr std::size_t kConfidence = 10;  // in percent
constexpr std::size_t kWord = 11;
constexpr std::size_t kColumns = 12;
constexpr std::string_view kLevelOfWords = "5";
// Below it are the shapes of photographs and ornaments that it takes for letters.
constexpr int kLeastConfidence = 30;

constexpr std::string_view kBlanks = " \t\r\f\v";

std::string_view TakeUntil(char end, std::string_view& rest) {
  const std::size_t at = rest.find(end);
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return part;
}

struct Row {
  std::array<std::string_view, kColumns> cells;

  // Text before the decimal point decides.
  bool IsWord() const {
    if (cells[kLevel] != kLevelOfWords) return false;
    const std::string_view number = cells[kConfidence];
    int percent = -1;
    std::from_chars(number.data(), number.data() + number.size(), percent);
    return percent >= kLeastConfidence &&
           cells[kWord].find_first_not_of(kBlanks) != std::string_view::npos;
  }
  // Page, block, paragraph and line, as one text.
  std::string_view Line() const {
    const char* const begin = cells[kLevel].data() + cells[kLevel].size();
    const std::string_view last = cells[kLastOfPlace];
    return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
  }
};

// The last cell has the rest.
Row RowOf(std::string_view line) {
  Row row;
  for (std::size_t at = 0; at + 1 < kColumns; ++at) row.cells[at] = TakeUntil('\t', line);
  row.cells[kWord] = line;
  return row;
}

}  // namespace

bool IsPicture(std::string_view bytes) {
  const bool webp = bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP");
  return webp || std::any_of(kMarks.begin(), kMarks.end(),
                             [&](std::string_view mark) { return bytes.starts_with(mark); });
}

std::vector<std::string> ReadingArguments(const std::string& languages, PictureKind kind) {
  std::vector<std::string> arguments{"stdin", "stdout",      "-l", languages,
                                     "--psm", kSegmentation, "-c", "tessedit_create_tsv=1"};
  // Of a file, it guesses the resolution where the file does not have it.
  if (kind == PictureKind::kPage) arguments.insert(arguments.end(), {"--dpi", "300"});
  return arguments;
}

std::string WordsOf(std::string_view table) {
  std::string text;
  std::string_view line;
  table = table.substr(0, table.rfind('\n') + 1);
  while (!table.empty()) {
    const Row row = RowOf(TakeUntil('\n', table));
    if (!row.IsWord()) continue;
    if (!text.empty()) text += row.Line() == line ? ' ' : '\n';
    text += row.cells[kWord];
    line = row.Line();
  }
  return text;
}

std::vector<std::string> ListingArguments() { return {"--list-langs"}; }

// The list has a line of its own for each, after a line that describes it.
std::string MissingLanguages(std::string_view languages, std::string_view list) {
  std::vector<std::string_view> installed;
  while (!list.empty()) installed.push_back(TakeUntil('\n', list));
  std::string missing;
  while (!languages.empty()) {
    const std::string_view language = TakeUntil('+', languages);
    if (std::find(installed.begin(), installed.end(), language) != installed.end()) continue;
    missing += missing.empty() ? "" : "+";
    missing += language;
  }
  return missing;
}

std::string PackagesOf(std::string_view languages) {
  std::string packages;
  while (!languages.empty()) {
    std::string name(TakeUntil('+', languages));
    std::replace(name.begin(), name.end(), '_', '-');
    packages += packages.empty() ? "tesseract-ocr-" : " tesseract-ocr-";
    packages += name;
  }
  return packages;
}

}  // namespace dbxes::parsers

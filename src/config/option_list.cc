// SPDX-License-Identifier: Apache-2.0
#include "config/option_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/path_glob.h"
#include "base/tree_path.h"

namespace dbxes::config {
namespace {

// What no name in Dropbox contains.
constexpr std::string_view kInNoName("\0\n\r", 3);

std::string_view WithoutBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// Those with anything in them; the ends are those of any system.
std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::vector<std::string> ListItems(const RawValue& value) {
  if (value.kind == RawValue::kList || !value.items.empty()) return value.items;
  if (value.kind == RawValue::kString) return {value.text};
  return LinesOf(value.text);
}

std::string FolderLines(std::string_view text) {
  std::string folders;
  for (const std::string& line : LinesOf(text)) {
    const std::string_view folder = WithoutBlanks(line);
    if (folder.empty()) continue;
    if (!folders.empty()) folders += '\n';
    if (!folder.starts_with('/')) folders += '/';
    folders += folder;
  }
  return folders.empty() ? "/" : folders;
}

std::string GlobProblem(const std::vector<std::string>& items) {
  for (const std::string& pattern : items) {
    const auto parsed = ParsePathGlob(pattern);
    if (!parsed) return fmt::format("\"{}\": {}", pattern, parsed.error().message);
  }
  return "";
}

const std::string* FindNoFolder(const std::vector<std::string>& items) {
  const auto wrong = std::find_if(items.begin(), items.end(), [](const std::string& item) {
    return !item.starts_with('/') || item.find_first_of(kInNoName) != std::string::npos;
  });
  return wrong == items.end() ? nullptr : &*wrong;
}

// Dropbox compares without regard to case. Where only other letters than those of ASCII differ, the
// folder counts twice, which changes nothing.
std::string FolderProblem(const std::vector<std::string>& items) {
  const FolderList folders = FoldersOf(items);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    for (std::size_t j = 0; j < folders.size(); ++j) {
      if (i == j || !LiesIn(LowerAscii(folders[i]), LowerAscii(folders[j]))) continue;
      if (folders[i].size() == folders[j].size()) {
        return fmt::format("the folder {} is listed twice: remove one", FolderText(folders[i]));
      }
      return fmt::format("the folder {} is listed, and so is {}, which contains it: remove one",
                         folders[i], FolderText(folders[j]));
    }
  }
  return "";
}

FolderList FoldersOf(const std::vector<std::string>& items) {
  FolderList folders = items;
  for (std::string& folder : folders) folder = WithoutFinalSlash(std::move(folder));
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace dbxes::config

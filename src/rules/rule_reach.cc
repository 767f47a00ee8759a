// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_reach.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/tree_path.h"

namespace dbxes::rules {
namespace {

constexpr std::string_view kFolderCategory = "folder";

// Only Dropbox knows how it compares letters beyond ASCII, so they may match.
bool MayHaveExtension(std::string_view name, std::string_view extension) {
  if (!IsAscii(extension)) return true;
  if (name.size() <= extension.size()) return false;
  const std::string_view end = name.substr(name.size() - extension.size() - 1);
  return end.front() == '.' && EqualIgnoringCase(end.substr(1), extension);
}

}  // namespace

bool MayFind(const AdvancedRule& rule, const std::optional<std::string>& folder,
             const Listed& thing) {
  if (folder && !LiesIn(thing.path_lower, *folder)) return false;
  const auto& categories = rule.file_categories;
  if (!categories.empty()) {
    // Dropbox does not document which files are in the other categories.
    const bool folders =
        std::find(categories.begin(), categories.end(), kFolderCategory) != categories.end();
    return thing.is_folder ? folders : !folders || categories.size() > 1;
  }
  const auto& extensions = rule.file_extensions;
  return extensions.empty() ||
         std::any_of(extensions.begin(), extensions.end(), [&](const std::string& extension) {
           return MayHaveExtension(thing.name, extension);
         });
}

}  // namespace dbxes::rules

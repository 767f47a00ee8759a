// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/path_change.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/safe_text.h"
#include "base/tree_path.h"

namespace dbxes::sync {
namespace {

// As base/tree_path.h compares folders.
std::string Comparable(std::string_view folder) {
  return folder == "/" ? std::string() : LowerAscii(folder);
}

}  // namespace

bool ContainsPath(std::string_view folder, std::string_view other) {
  return LiesIn(Comparable(other), Comparable(folder));
}

Result<void> CheckPaths(const std::string& index, const FolderList& held, const FolderList& paths) {
  const bool contained = std::all_of(held.begin(), held.end(), [&](const std::string& one) {
    return std::any_of(paths.begin(), paths.end(),
                       [&](const std::string& path) { return ContainsPath(path, one); });
  });
  if (contained) return {};
  const std::string now = InOneLine(FolderListText(paths));
  return Fail(
      ErrorKind::kSafetyStop,
      fmt::format("the index {} holds the Dropbox folder{} {}, and this run is for {}: all "
                  "documents outside of {} would be deleted. Set elasticsearch.index to "
                  "another name; or, if that is right, run: dbx-es full-sync --change-path",
                  index, held.size() > 1 ? "s" : "", InOneLine(FolderListText(held)), now, now));
}

}  // namespace dbxes::sync

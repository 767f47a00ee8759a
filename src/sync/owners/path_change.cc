// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/path_change.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/safe_text.h"
#include "base/tree_path.h"

namespace dbxes::sync {
namespace {

std::string_view Shown(std::string_view path) { return path.empty() ? "/" : path; }

// As base/tree_path.h compares folders.
std::string Comparable(std::string_view folder) {
  return folder == "/" ? std::string() : LowerAscii(folder);
}

}  // namespace

bool ContainsPath(std::string_view folder, std::string_view other) {
  return LiesIn(Comparable(other), Comparable(folder));
}

Result<void> CheckPath(const std::string& index, std::string_view held, std::string_view path) {
  if (ContainsPath(path, held)) return {};
  return Fail(
      ErrorKind::kSafetyStop,
      fmt::format("the index {} holds the Dropbox folder {}, and this run is for {}: all "
                  "documents outside of {} would be deleted. Set elasticsearch.index to "
                  "another name; or, if that is right, run: dbx-es full-sync --change-path",
                  index, InOneLine(Shown(held)), InOneLine(Shown(path)), InOneLine(Shown(path))));
}

}  // namespace dbxes::sync

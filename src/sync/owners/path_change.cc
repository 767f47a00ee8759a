// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/path_change.h"

#include <fmt/format.h>

#include "base/ascii.h"

namespace dbxes::sync {
namespace {

std::string_view Shown(std::string_view path) { return path.empty() ? "/" : path; }

}  // namespace

bool ContainsPath(std::string_view folder, std::string_view other) {
  const std::string outer = LowerAscii(folder == "/" ? "" : folder);
  const std::string inner = LowerAscii(other == "/" ? "" : other);
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

Result<void> CheckPath(const std::string& index, std::string_view held, std::string_view path) {
  if (ContainsPath(path, held)) return {};
  return Fail(ErrorKind::kSafetyStop,
              fmt::format("the index {} holds the Dropbox folder {}, and this run is for {}: all "
                          "documents outside of {} would be deleted. Set elasticsearch.index to "
                          "another name; or, if that is right, run: dbx-es full-sync --change-path",
                          index, Shown(held), Shown(path), Shown(path)));
}

}  // namespace dbxes::sync

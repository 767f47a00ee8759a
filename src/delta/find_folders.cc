// SPDX-License-Identifier: Apache-2.0
#include "delta/find_folders.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/batches.h"
#include "delta/one_entry.h"
#include "dropbox/files.h"
#include "dropbox/route_error.h"

namespace dbxes::delta {
namespace {

constexpr std::size_t kAskedAtOnce = 16;

// An error that Dropbox has found in the path itself is one of the settings.
Error AboutFolder(Error error, const std::string& path) {
  if (dropbox::IsEndpointError(error)) error.kind = ErrorKind::kConfig;
  return WithContext(std::move(error), path + " (dropbox.path)");
}

// Adds the folder, or why it is missing.
Result<void> AddFolder(dropbox::Client& client, const std::string& path, const OneEntry& asked,
                       FoundFolders& found) {
  const auto answer = client.loop().Await(asked.answer);
  bool absent = !answer && answer.error().kind == ErrorKind::kNotFound;
  if (!answer && !absent) return Fail(AboutFolder(answer.error(), path));
  // What is not mounted has no path.
  absent = absent || asked.entry().path_lower.empty();
  const bool missing = absent || asked.entry().kind != EntryKind::kFolder;
  found.folders.emplace_back(missing ? std::string_view() : asked.entry().path_lower);
  if (missing && !found.missing) found.missing = dropbox::NoSuchFolder(path, absent);
  return {};
}

}  // namespace

Result<FoundFolders> FindFolders(dropbox::Client& client, const FolderList& paths) {
  if (paths.size() == 1) return FoundFolders{paths, std::nullopt};
  FoundFolders found;
  for (const auto some : InBatches(paths, kAskedAtOnce)) {
    std::vector<OneEntry> asked;
    for (const std::string& path : some) asked.push_back(AskEntry(client, path));
    for (std::size_t i = 0; i < some.size(); ++i) TRY(AddFolder(client, some[i], asked[i], found));
  }
  return found;
}

Result<FolderList> FindAllFolders(dropbox::Client& client, const FolderList& paths) {
  TRY_ASSIGN(FoundFolders found, FindFolders(client, paths));
  if (found.missing) return Fail(std::move(*found.missing));
  return std::move(found.folders);
}

}  // namespace dbxes::delta

// SPDX-License-Identifier: Apache-2.0
#include "delta/find_folders.h"

#include <cstddef>
#include <vector>

#include "base/batches.h"
#include "delta/one_entry.h"
#include "dropbox/files.h"

namespace dbxes::delta {
namespace {

constexpr std::size_t kAskedAtOnce = 16;

Result<std::string> FolderOf(dropbox::Client& client, const std::string& path, OneEntry& asked) {
  const auto answer = client.loop().Await(asked.answer);
  const bool absent = !answer && answer.error().kind == ErrorKind::kNotFound;
  if (!answer && !absent) return Fail(answer.error());
  if (absent || asked.entry().kind != EntryKind::kFolder) {
    return Fail(dropbox::NoSuchFolder(path, absent));
  }
  return std::string(asked.entry().path_lower);
}

}  // namespace

Result<FolderList> FindFolders(dropbox::Client& client, const FolderList& paths) {
  if (paths.size() == 1) return paths;
  FolderList folders;
  for (const auto some : InBatches(paths, kAskedAtOnce)) {
    std::vector<OneEntry> asked;
    for (const std::string& path : some) asked.push_back(AskEntry(client, path));
    for (std::size_t i = 0; i < some.size(); ++i) {
      TRY_ASSIGN(std::string folder, FolderOf(client, some[i], asked[i]));
      folders.push_back(std::move(folder));
    }
  }
  return folders;
}

}  // namespace dbxes::delta

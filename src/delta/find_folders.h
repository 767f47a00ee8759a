// SPDX-License-Identifier: Apache-2.0
// The folders of the settings, as Dropbox has them (Dropbox HTTP API: files/get_metadata).
#pragma once

#include <optional>

#include "base/error.h"
#include "base/folder_list.h"
#include "base/result.h"
#include "dropbox/client.h"

namespace dbxes::delta {

struct FoundFolders {
  // As the settings have them, in Dropbox's own lower case, which other programs do not know of a
  // few letters; "" for one that is missing.
  FolderList folders;
  // kConfig, for the first that is not there, or is a file; its message says that nothing was
  // deleted.
  std::optional<Error> missing;
};

// The client has to act as the account: in another root, the names mean other folders. One folder
// alone is not asked for and stays as it is: its own feed says what is wrong with it.
Result<FoundFolders> FindFolders(dropbox::Client& client, const FolderList& paths);
// Where all of them are needed: a missing one is an error.
Result<FolderList> FindAllFolders(dropbox::Client& client, const FolderList& paths);

}  // namespace dbxes::delta

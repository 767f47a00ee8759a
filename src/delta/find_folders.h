// SPDX-License-Identifier: Apache-2.0
// The folders of the settings, as Dropbox has them (Dropbox HTTP API: files/get_metadata).
#pragma once

#include "base/folder_list.h"
#include "base/result.h"
#include "dropbox/client.h"

namespace dbxes::delta {

// The same folders in Dropbox's own lower case, which other programs do not know of a few letters.
// The client has to act as the account: in another root, the names mean other folders. kConfig for
// one that is not there, or is a file; the message says that nothing was deleted. One alone stays
// as it is: its own feed says what is wrong with it.
Result<FolderList> FindFolders(dropbox::Client& client, const FolderList& paths);

}  // namespace dbxes::delta

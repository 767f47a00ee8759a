// SPDX-License-Identifier: Apache-2.0
// Files that the user names for output: reports and documents.
#pragma once

#include <string>

#include "base/os/descriptor.h"
#include "base/result.h"

namespace dbxes {

// Opens `path` for writing with these further `flags` of open(2): a new file, private to the user,
// or one that is there. Pipes and devices may be there, too. kConfig, with the reason alone as
// message, for a symbolic link to a regular file, for one with several names (hard links), and for
// a file or pipe of another user in a folder where others make files: they may have prepared those.
Result<Descriptor> OpenOutputFile(const std::string& path, int flags);

// The same for a file that nobody else may read: one that is there becomes private to the user,
// too, and keeps what it has. kConfig also for a regular file of another user.
Result<Descriptor> OpenPrivateFile(const std::string& path);
// Empties a file; pipes and devices have nothing to be emptied. kConfig, as above.
Result<void> EmptyFile(int fd);

}  // namespace dbxes
